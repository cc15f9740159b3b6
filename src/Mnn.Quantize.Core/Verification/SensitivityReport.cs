using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Verification;

/// <summary>Which operators of a model lose the most by being quantized.</summary>
public sealed record SensitivityReport
{
    /// <summary>Full path of the float model.</summary>
    public required string Model { get; init; }

    /// <summary>Full path of the config.</summary>
    public required string Config { get; init; }

    /// <summary>Number of samples.</summary>
    public required int Pictures { get; init; }

    /// <summary>The operators that would be quantized: those that lose the most first.</summary>
    public required IReadOnlyList<OperatorSensitivity> Operators { get; init; }

    /// <summary>Mean cosine of the outputs with all of them quantized, -1 to 1.</summary>
    public required double Cosine { get; init; }

    /// <summary>What is odd about config, model and samples.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }
}

/// <summary>What one operator does to the outputs if it alone is quantized and all others stay float.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Tensor">Name of the first tensor that it makes.</param>
/// <param name="IsConvolution">Whether it is a convolution, which <c>skip_quant_op_names</c> keeps in float.</param>
/// <param name="RunsInt8">Whether it runs in int8; otherwise only its weights are rounded.</param>
/// <param name="Weights">How many weights it has.</param>
/// <param name="Cosine">Mean cosine over outputs and samples of the model's output to the float model's, -1 to 1.</param>
/// <param name="LowestCosine">The least of an output on a sample.</param>
/// <param name="SignalToNoise">
/// 10 log10 of the output's sum of squares over that of its error, in dB, of the output that is worst off; infinity without
/// any difference.
/// </param>
public sealed record OperatorSensitivity(
    string Name,
    string Type,
    string Tensor,
    bool IsConvolution,
    bool RunsInt8,
    long Weights,
    double Cosine,
    double LowestCosine,
    double SignalToNoise)
{
    /// <summary>1 less <see cref="Cosine"/>: 0 for an operator that does nothing to the outputs.</summary>
    public double Loss => 1 - Cosine;
}
