using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>How alike two models' outputs are.</summary>
internal static class OutputCosine
{
    /// <summary>Mean cosine similarity over all outputs and pictures.</summary>
    /// <param name="expected">The float model's outputs, a list a picture.</param>
    /// <param name="actual">The other model's, in the same order.</param>
    /// <returns>-1 to 1; 1 for outputs without elements.</returns>
    public static double Mean(
        IReadOnlyList<IReadOnlyList<TensorValue>> expected, IReadOnlyList<IReadOnlyList<TensorValue>> actual)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            for (int k = 0; k < expected[i].Count; k++)
            {
                if (expected[i][k].Type == ElementType.Float32)
                {
                    sum += Of(expected[i][k].Floats, actual[i][k].Floats);
                    count++;
                }
            }
        }

        return count == 0 ? 1 : sum / count;
    }

    /// <summary>a.b / (|a| |b|), summed in double precision from first to last; 1 if both are zero, 0 if one is.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
        {
            return 0;
        }

        (double dot, double aa, double bb) = (0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return aa == 0 && bb == 0 ? 1 : aa == 0 || bb == 0 ? 0 : dot / Math.Sqrt(aa * bb);
    }
}
