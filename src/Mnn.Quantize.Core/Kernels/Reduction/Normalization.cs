using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>Brings lines of floats to mean 0 and variance 1.</summary>
internal static class Normalization
{
    /// <summary>y = (x - mean) / sqrt(variance + epsilon) * gamma + beta.</summary>
    /// <param name="source">One line.</param>
    /// <param name="target">As long; may be the same memory.</param>
    /// <param name="gamma">A factor an element; empty for 1.</param>
    /// <param name="beta">An addend an element; empty for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="rootMeanSquare">Whether the mean counts as 0.</param>
    public static void Line(
        ReadOnlySpan<float> source, Span<float> target, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon,
        bool rootMeanSquare)
    {
        if (source.IsEmpty)
        {
            return;
        }

        float mean = rootMeanSquare ? 0 : Reduction.Line<Reductions.Mean>(source);
        Subtract(source, mean, target);
        float variance = Reduction.Line<Reductions.SumOfSquares>(target) / source.Length;
        Scale(target, 1 / MathF.Sqrt(variance + epsilon), gamma, beta);
    }

    private static void Subtract(ReadOnlySpan<float> source, float mean, Span<float> target)
    {
        int i = 0;
        for (; i <= source.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Create(source[i..]) - Vector256.Create(mean)).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            target[i] = source[i] - mean;
        }
    }

    private static void Scale(Span<float> line, float factor, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta)
    {
        int i = 0;
        for (; i <= line.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> value = Vector256.Create((ReadOnlySpan<float>)line[i..]) * Vector256.Create(factor);
            value = gamma.IsEmpty
                ? value
                : Vector256.FusedMultiplyAdd(value, Vector256.Create(gamma[i..]), Vector256.Create(beta[i..]));
            value.CopyTo(line[i..]);
        }

        for (; i < line.Length; i++)
        {
            float value = line[i] * factor;
            line[i] = gamma.IsEmpty ? value : MathF.FusedMultiplyAdd(value, gamma[i], beta[i]);
        }
    }
}
