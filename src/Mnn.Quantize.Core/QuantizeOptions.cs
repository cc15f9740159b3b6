using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>What to quantize, with what, into what. The command, the build task and the library all fill in this record.</summary>
public sealed record QuantizeOptions
{
    /// <summary>The float model, a <c>.mnn</c> file.</summary>
    public required string Source { get; init; }

    /// <summary>Where the int8 model goes. Written under a temporary name, flushed and renamed: never half there.</summary>
    public required string Destination { get; init; }

    /// <summary>The <c>quant.json</c> file. Relative paths in it are relative to its folder.</summary>
    public required string Config { get; init; }

    /// <summary>Worker threads for calibration, 1 to 256; 0 means one a core. The result does not depend on it.</summary>
    public int MaxParallelism { get; init; }

    /// <summary>
    /// If set: where the list of all that the result depends on is written, one absolute path a line (UTF-8): files, and
    /// folders in which a file that appears would become part of the calibration data.
    /// </summary>
    public string? DependencyFile { get; init; }

    /// <summary>
    /// Whether the scales are written, too, as text in the form of the reference, beside the model under its name with
    /// <c>.json</c> added. With <c>debug</c> in the config they always are.
    /// </summary>
    public bool WriteScales { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Stage">What is being done, such as <c>calibrating</c>.</param>
/// <param name="Done">Units done so far in this stage.</param>
/// <param name="Total">Units in this stage; 0 if unknown.</param>
public readonly record struct QuantizeProgress(string Stage, int Done, int Total);

/// <summary>What a run made.</summary>
public sealed record QuantizeResult
{
    /// <summary>Full path of the int8 model.</summary>
    public required string Destination { get; init; }

    /// <summary>Bytes of the float model, with its external weights.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>Bytes of the int8 model.</summary>
    public required long DestinationBytes { get; init; }

    /// <summary>Wall-clock seconds of the run.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Mean cosine similarity of the int8 model's outputs to the float model's over the compared pictures, -1 to 1.
    /// </summary>
    public required double Cosine { get; init; }

    /// <summary>Convolutions that run in int8, and all convolutions.</summary>
    public required (int Quantized, int All) Convolutions { get; init; }

    /// <summary>Pictures used for calibration.</summary>
    public required int Pictures { get; init; }

    /// <summary>Warnings, in the order they arose.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>
    /// With <c>debug</c> in the config: every tensor of both models compared on all pictures. It is also written beside
    /// the model, under its name with <c>.report.json</c> added.
    /// </summary>
    public ComparisonReport? Comparison { get; init; }
}
