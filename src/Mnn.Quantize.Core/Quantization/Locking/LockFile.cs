using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Locking;

/// <summary>
/// All that quantizing a model found out: with it and the float model the int8 model is made again without the samples. A
/// text that is checked in and read in reviews: see <see cref="LockText"/>.
/// </summary>
internal sealed record LockFile
{
    /// <summary>SHA-256 of the float model with its external weights.</summary>
    public required string ModelHash { get; init; }

    /// <summary>SHA-256 of the samples with their names.</summary>
    public required string SamplesHash { get; init; }

    /// <summary>How many samples.</summary>
    public required int Samples { get; init; }

    /// <summary>SHA-256 of the int8 model.</summary>
    public required string Int8Hash { get; init; }

    /// <summary>Version of the engine that made it.</summary>
    public required string Version { get; init; }

    /// <summary>How it was made, in words.</summary>
    public required string Method { get; init; }

    /// <summary>Mean cosine of the outputs, on the samples that were compared.</summary>
    public required double Cosine { get; init; }

    /// <summary>Top-1 agreement on them.</summary>
    public required double Top1Agreement { get; init; }

    /// <summary>How scales of weights are found.</summary>
    public required WeightMethod WeightMethod { get; init; }

    /// <summary>Bits of a weight.</summary>
    public required int WeightBits { get; init; }

    /// <summary>Greatest level of a weight.</summary>
    public required int WeightClamp { get; init; }

    /// <summary>The settings, one a line.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>The tensors that operators make or that go in, in the order of their ids.</summary>
    public required IReadOnlyList<LockedTensor> Tensors { get; init; }

    /// <summary>The convolutions, in the order in which they run.</summary>
    public required IReadOnlyList<LockedConvolution> Convolutions { get; init; }

    /// <summary>By tensor id: [channels], by which values are divided where channels are equalized.</summary>
    public required IReadOnlyDictionary<int, float[]> Factors { get; init; }
}

/// <summary>A tensor of a locked model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Quant">Scale and zero point; null if it stays float.</param>
/// <param name="Reason">Why it does; not part of what is obeyed.</param>
internal sealed record LockedTensor(int Id, string Name, QuantParameters? Quant, string Reason);

/// <summary>A convolution of a locked model.</summary>
/// <param name="Output">Id of the tensor that it makes.</param>
/// <param name="Name">Its name.</param>
/// <param name="Weights">What its weights are.</param>
/// <param name="Bias">Its biases where they make up for errors, else null.</param>
/// <param name="Rounding">Which weights have not their nearest level, as <see cref="Rounding.RoundingBits"/> says it; null if all have.</param>
internal sealed record LockedConvolution(int Output, string Name, LockedWeights Weights, float[]? Bias, byte[]? Rounding);

/// <summary>What the weights of a convolution are.</summary>
internal enum LockedWeights
{
    /// <summary>Rounded, and so are its input and its output.</summary>
    Int8,

    /// <summary>Rounded in the file; it computes in float.</summary>
    Stored,

    /// <summary>As they were.</summary>
    Float,
}
