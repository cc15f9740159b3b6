namespace Mnn.Quantize.Kernels;

internal static partial class Gemm
{
    /// <summary>The formula itself, over a B packed as [k, n].</summary>
    private static unsafe void MultiplyScalar(in Product p)
    {
        for (int i = 0; i < p.M; i++)
        {
            for (int j = 0; j < p.N; j++)
            {
                float sum = p.Bias == null ? 0 : p.Bias[j];
                for (int l = 0; l < p.K; l++)
                {
                    sum = MathF.FusedMultiplyAdd(p.A[(i * p.Lda) + l], p.B[((nint)l * p.N) + j], sum);
                }

                p.C[(i * p.Ldc) + j] = SimdScalar.Min(p.Hi, SimdScalar.Max(p.Lo, sum));
            }
        }
    }
}
