using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Verification;

/// <summary>How a step of the int8 model will be run.</summary>
public enum StepKind
{
    /// <summary>In float.</summary>
    Float,

    /// <summary>On int8 tensors.</summary>
    Int8,

    /// <summary>No operator of the model: the runtime casts a tensor between the two.</summary>
    Cast,
}

/// <summary>One operator of the int8 model, or a cast between.</summary>
/// <param name="Name">The operator's name; a cast's tensor.</param>
/// <param name="Type">The operator's type; <c>FloatToInt8</c> or <c>Int8ToFloat</c> for a cast.</param>
/// <param name="Kind">How it is run.</param>
/// <param name="Reason">Why.</param>
public sealed record PlannedStep(string Name, string Type, StepKind Kind, string Reason);

/// <summary>What quantizing a model will make of it.</summary>
public sealed record PlanReport
{
    /// <summary>What the model becomes.</summary>
    public QuantizeMode Mode { get; init; }

    /// <summary>Path of the float model.</summary>
    public required string Model { get; init; }

    /// <summary>Path of the config.</summary>
    public required string Config { get; init; }

    /// <summary>Bytes of the float model, with its external weights.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>Bytes that the int8 model will have, within 2%.</summary>
    public required long ExpectedBytes { get; init; }

    /// <summary>Convolutions whose weights become int8 or are stored in fewer bits, and all convolutions.</summary>
    public required (int Quantized, int All) Convolutions { get; init; }

    /// <summary>
    /// Every operator and cast, in the order in which the runtime runs them; in modes that compress weights alone, what has
    /// weights.
    /// </summary>
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>Keys of the config that have no effect with the others, and everything else that is odd about it.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }
}
