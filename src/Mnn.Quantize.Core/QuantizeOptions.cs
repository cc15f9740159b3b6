using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Quantization.Compression;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>What to quantize, with what, into what. The command, the build task and the library all fill in this record.</summary>
public sealed record QuantizeOptions
{
    /// <summary>The float model, a <c>.mnn</c> file.</summary>
    public required string Source { get; init; }

    /// <summary>Where the int8 model goes. Written under a temporary name, flushed and renamed: never half there.</summary>
    public required string Destination { get; init; }

    /// <summary>
    /// The <c>quant.json</c> file. Relative paths in it are relative to its folder. Empty if <see cref="Settings"/> say it all.
    /// </summary>
    public required string Config { get; init; }

    /// <summary>
    /// Settings that go before those of the config: from a key of <c>quant.json</c>, as there or as
    /// <c>FeatureQuantizeMethod</c>, to its value, as JSON or plain (<c>RGB</c>, <c>224</c>, <c>127.5;127.5;127.5</c>).
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that <see cref="Settings"/> are from: messages name it, a relative path in them starts at its folder.</summary>
    public string SettingsFile { get; init; } = "";

    /// <summary>Full paths of the calibration pictures, in their order, instead of the config's <c>path</c>; or null.</summary>
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>Worker threads for calibration, 1 to 256; 0 means one a core. The result does not depend on it.</summary>
    public int MaxParallelism { get; init; }

    /// <summary>
    /// If set: where the list of all that the result depends on is written, one absolute path a line (UTF-8): files, and
    /// folders in which a file that appears would become part of the calibration data.
    /// </summary>
    public string? DependencyFile { get; init; }

    /// <summary>
    /// If set: a folder in which it is kept what calibration saw of each sample, for this and any other model, so that the
    /// float model runs on samples that are new only. The result does not depend on it. Several runs may use it at once; it
    /// keeps below 1 GiB. With the method EMA, where each batch depends on those before, nothing is kept.
    /// </summary>
    public string? CalibrationCache { get; init; }

    /// <summary>
    /// Whether the scales are written, too, as text in the form of the reference, beside the model under its name with
    /// <c>.json</c> added. With <c>debug</c> in the config they always are.
    /// </summary>
    public bool WriteScales { get; init; }

    /// <summary>
    /// If set: where all that the run finds out is written, as text to be checked in: scales, zero points, what stays float and
    /// why, and hashes of model, samples and result. With <see cref="Locked"/> it is read.
    /// </summary>
    public string? LockFile { get; init; }

    /// <summary>
    /// Whether the int8 model is made of <see cref="LockFile"/> and the float model, byte by byte as it was, without samples. It
    /// is an error if model, settings, samples (where there are any) or result differ from what was locked.
    /// </summary>
    public bool Locked { get; init; }

    /// <summary>
    /// Whether <see cref="QuantizeResult.Sensitivities"/> are wanted: what each operator alone does to the outputs, which takes
    /// about as long as running the model half as often as it has operators, for each of eight samples.
    /// </summary>
    public bool WantsSensitivities { get; init; }

    /// <summary>The settings that a run with these options uses.</summary>
    /// <param name="warnings">Takes what is odd but harmless, such as unknown keys.</param>
    /// <exception cref="QuantizeException">
    /// The config can't be read, a value is wrong, or nothing says where the pictures are.
    /// </exception>
    public QuantConfig ReadConfig(ICollection<Diagnostic> warnings) => ToConfigSource().Load(warnings);

    internal ConfigSource ToConfigSource() => new(Config, Settings, SettingsFile, Pictures) { NeedsData = !Locked };
}

/// <summary>How far a run is.</summary>
/// <param name="Stage">What is being done, such as <c>calibrating</c>.</param>
/// <param name="Done">Units done so far in this stage.</param>
/// <param name="Total">Units in this stage; 0 if unknown.</param>
public readonly record struct QuantizeProgress(string Stage, int Done, int Total);

/// <summary>What a run made.</summary>
public sealed record QuantizeResult
{
    /// <summary>What the model was made into.</summary>
    public QuantizeMode Mode { get; init; }

    /// <summary>Full path of the int8 model.</summary>
    public required string Destination { get; init; }

    /// <summary>Bytes of the float model, with its external weights.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>Bytes of the int8 model.</summary>
    public required long DestinationBytes { get; init; }

    /// <summary>Wall-clock seconds of the run.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Mean cosine similarity of the int8 model's outputs to the float model's over the compared pictures, -1 to 1; NaN if nothing
    /// was compared, which only happens in modes that need no data.
    /// </summary>
    public required double Cosine { get; init; }

    /// <summary>
    /// Share of the compared pictures for which the greatest element of the first output is the same one in both models,
    /// 0 to 1: for a classifier, how often both name the same class.
    /// </summary>
    public required double Top1Agreement { get; init; }

    /// <summary>On what both models were compared.</summary>
    public ComparedOn ComparedOn { get; init; }

    /// <summary>
    /// Convolutions that run in int8, or in modes that compress weights alone those with compressed weights; and all convolutions.
    /// </summary>
    public required (int Quantized, int All) Convolutions { get; init; }

    /// <summary>Pictures used for calibration; in modes without, those that were compared on.</summary>
    public required int Pictures { get; init; }

    /// <summary>On how many of these the float model ran; what the others gave was in the cache.</summary>
    public int PicturesRun { get; init; }

    /// <summary>Warnings, in the order they arose.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>
    /// With <c>debug</c> in the config: every tensor of both models compared on all pictures. It is also written beside
    /// the model, under its name with <c>.compare.json</c> added.
    /// </summary>
    public ComparisonReport? Comparison { get; init; }

    /// <summary>With <c>mode</c> <c>auto</c>: the int8 models that were tried, in order, the chosen one marked.</summary>
    public IReadOnlyList<TriedModel> Tried { get; init; } = [];

    /// <summary>In modes that compress weights alone: what became of each operator's.</summary>
    public IReadOnlyList<CompressedOperator> Weights { get; init; } = [];

    /// <summary>Whether the model was trained on: <see cref="Pictures"/> are then examples to train with.</summary>
    public bool IsTrained { get; init; }

    /// <summary>With <see cref="QuantizeOptions.WantsSensitivities"/>: the quantized operators, those that lose the most first.</summary>
    public IReadOnlyList<OperatorSensitivity> Sensitivities { get; init; } = [];
}
