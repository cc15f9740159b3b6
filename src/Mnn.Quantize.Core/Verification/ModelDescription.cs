using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>What there is to know about a model without data.</summary>
public sealed record ModelDescription
{
    /// <summary>Path of the model.</summary>
    public required string File { get; init; }

    /// <summary>Its bytes, with external weights.</summary>
    public required long Bytes { get; init; }

    /// <summary>True if it has scales: it is an int8 model.</summary>
    public required bool IsInt8 { get; init; }

    /// <summary>What it wants, as it declares it.</summary>
    public required IReadOnlyList<TensorInfo> Inputs { get; init; }

    /// <summary>What it gives.</summary>
    public required IReadOnlyList<OutputDescription> Outputs { get; init; }

    /// <summary>Its operators, in the order in which they run.</summary>
    public required IReadOnlyList<OperatorDescription> Operators { get; init; }

    /// <summary>Shapes that the inputs had when the others were found; empty if they are not known.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> InputShapes { get; init; }

    /// <summary>What is missing here, and why.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>Numbers that were trained, or are constant: weights, biases, factors.</summary>
    public long Parameters => Operators.Sum(o => o.Parameters) + ConstantElements;

    /// <summary>Elements of constants that stand outside of operators.</summary>
    public required long ConstantElements { get; init; }

    /// <summary>Multiply-accumulate operations of one run; null if shapes are not known.</summary>
    public long? MultiplyAccumulates =>
        Operators.Any(o => o.MultiplyAccumulates is null) ? null : Operators.Sum(o => o.MultiplyAccumulates);
}

/// <summary>One output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type; null if the model can't be run without data.</param>
/// <param name="Shape">Dimensions; null if they are not known.</param>
public sealed record OutputDescription(string Name, ElementType? Type, IReadOnlyList<int>? Shape);

/// <summary>One operator of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Shape">Dimensions of its first output; null if they are not known.</param>
/// <param name="Parameters">Numbers that it carries: weights, biases, factors.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulate operations; null if shapes are not known.</param>
/// <param name="IsConvolution">Whether it is of a kind whose weights can be int8.</param>
/// <param name="IsInt8">In a float model: whether its weights will be int8; in an int8 model: whether it runs in int8.</param>
/// <param name="Reason">Why, or why not; empty where there is nothing to say.</param>
public sealed record OperatorDescription(
    string Name,
    string Type,
    IReadOnlyList<int>? Shape,
    long Parameters,
    long? MultiplyAccumulates,
    bool IsConvolution,
    bool IsInt8,
    string Reason);
