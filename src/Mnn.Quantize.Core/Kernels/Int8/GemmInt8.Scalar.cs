namespace Mnn.Quantize.Kernels;

internal static partial class GemmInt8
{
    /// <summary>The formula, over panels of two columns (the last may have one).</summary>
    private static unsafe void MultiplyScalar(in Product p)
    {
        nint depth = (p.K + 1) / 2 * 2;
        for (int i = 0; i < p.M; i++)
        {
            for (int j = 0; j < p.N; j++)
            {
                int first = j / 2 * 2, width = Math.Min(2, p.N - first);
                int sum = p.C[(i * p.Ldc) + j];
                for (int l = 0; l < p.K; l++)
                {
                    nint at = (first * depth) + (((l / 2 * width) + j - first) * 2) + (l % 2);
                    sum += p.A[(i * p.Lda) + l] * p.B[at];
                }

                p.C[(i * p.Ldc) + j] = sum;
            }
        }
    }
}
