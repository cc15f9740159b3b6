using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Verification.Reports;

/// <summary>In what form an operator's weights lie in the file.</summary>
internal static class StoredWeights
{
    /// <summary>Bits of a weight that is stored as it is.</summary>
    public const int FloatBits = 32;

    private const int HalfBits = 16;
    private const int HalfCoding = 3;

    /// <summary>Bytes of all that an operator carries: weights with their scales, biases, factors.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="file">The model's path, for messages.</param>
    public static long Bytes(Op op, string file) => op.Main is Convolution2D convolution
        ? (sizeof(float) * (Length(convolution.Weight) + Length(convolution.Bias))) + Bytes(convolution.QuanParameter)
        : sizeof(float) * OperatorCost.Parameters(op, file);

    /// <summary>
    /// Bits of a weight: those that its levels need for quantized ones, 2 to 8; 16 for half floats; 32 for floats. Null
    /// for an operator that is no convolution or has no weights of its own.
    /// </summary>
    /// <param name="op">The operator.</param>
    /// <param name="file">The model's path, for messages.</param>
    public static int? Bits(Op op, string file)
    {
        if (op.Main is not Convolution2D convolution)
        {
            return null;
        }

        if (convolution.QuanParameter is not { Buffer.Length: > 0 } quantized)
        {
            return convolution.Weight is { Length: > 0 } || convolution.QuanParameter is not null ? FloatBits : null;
        }

        if (quantized.Type == HalfCoding)
        {
            return HalfBits;
        }

        int bits = 2;
        foreach (sbyte value in WeightCodec.Decode(quantized, file, op.Name ?? "").Values)
        {
            while (value < -(1 << (bits - 1)) || value >= 1 << (bits - 1))
            {
                bits++;
            }
        }

        return bits;
    }

    private static long Bytes(IDSTQuan? quantized) => quantized is null ? 0
        : Length(quantized.Buffer) + (sizeof(float) * Length(quantized.Alpha)) + (sizeof(ushort) * Length(quantized.AlphaFp16))
            + (sizeof(uint) * Length(quantized.Index));

    private static long Length(Array? values) => values?.Length ?? 0;
}
