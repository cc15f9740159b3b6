using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>How an int8 tensor stands for real values: x = (q - <paramref name="ZeroPoint"/>) * <paramref name="Scale"/>.</summary>
/// <param name="Scale">Step between two neighbouring values, positive.</param>
/// <param name="ZeroPoint">The q that stands for 0, -128 to 127.</param>
/// <param name="Min">Smallest q, -128 or more.</param>
/// <param name="Max">Largest q, 127 or less.</param>
public sealed record QuantParameters(float Scale, int ZeroPoint, int Min, int Max)
{
    /// <summary>The parameters in a tensor's description; null if it has none of type int8.</summary>
    internal static QuantParameters? From(TensorQuantInfo? info) =>
        info is { Type: DataType.DT_INT8 }
            ? new QuantParameters(info.Scale, (int)info.Zero, (int)info.Min, (int)info.Max)
            : null;
}
