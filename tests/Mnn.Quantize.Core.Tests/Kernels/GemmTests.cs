using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class GemmTests
{
    private static readonly int[] Rows = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 17, 24, 29];
    private static readonly int[] Depths = [0, 1, 2, 7, 33];

    [TestMethod]
    public void Every_family_gives_the_bits_of_the_scalar_twin()
    {
        foreach (int n in Enumerable.Range(1, 70))
        {
            foreach (int m in Rows)
            {
                foreach (int k in Depths)
                {
                    float[] expected = Multiply(SimdLevel.Scalar, m, k, n, transposed: false);
                    foreach (SimdLevel level in KernelTest.VectorLevels)
                    {
                        float[] actual = Multiply(level, m, k, n, transposed: (m & 1) == 0);
                        KernelTest.SameBits(expected, actual, $"{level} m={m} k={k} n={n}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Blocks_of_rows_join_without_a_seam()
    {
        // 70 rows of 6,000 floats are several blocks of the size that stays in the cache.
        float[] expected = Multiply(SimdLevel.Scalar, 70, 6000, 9, transposed: false);
        foreach (SimdLevel level in KernelTest.VectorLevels)
        {
            KernelTest.SameBits(expected, Multiply(level, 70, 6000, 9, transposed: true), $"{level}");
        }
    }

    [TestMethod]
    public void The_scalar_twin_is_the_sum_of_products()
    {
        const int m = 5, k = 300, n = 7;
        float[] a = KernelTest.Uniform(m * k, 2), b = KernelTest.Uniform(k * n, 3), c = new float[m * n];
        float[] packed = new float[Gemm.PackedSize(k, n, SimdLevel.Scalar)];
        Gemm.PackB(b, false, k, n, packed, SimdLevel.Scalar);
        Gemm.Multiply(a, k, packed, [], c, n, m, k, n, level: SimdLevel.Scalar);
        double[] expected = new double[m * n];
        for (int i = 0; i < m * n; i++)
        {
            expected[i] = Enumerable.Range(0, k).Sum(l => (double)a[(i / n * k) + l] * b[(l * n) + (i % n)]);
        }

        KernelTest.Near(expected, c, 1e-5, "C");
    }

    [TestMethod]
    public void Results_are_clamped_and_NaN_passes()
    {
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            float[] c = new float[4];
            float[] packed = new float[Gemm.PackedSize(1, 4, level)];
            Gemm.PackB([-5f, 5f, 100f, float.NaN], false, 1, 4, packed, level);
            Gemm.Multiply([1f], 1, packed, [], c, 4, 1, 1, 4, 0, 6, level);
            KernelTest.SameBits([0, 5, 6, float.NaN], c, $"{level}");
        }
    }

    [TestMethod]
    public void Gaps_between_rows_are_left_alone()
    {
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            const int m = 14, n = 37, ldc = 41;
            float[] c = [.. Enumerable.Repeat(-7f, m * ldc)];
            float[] packed = new float[Gemm.PackedSize(1, n, level)];
            Gemm.PackB(KernelTest.Uniform(n), false, 1, n, packed, level);
            Gemm.Multiply(KernelTest.Uniform(m), 1, packed, [], c, ldc, m, 1, n, level: level);
            for (int i = 0; i < c.Length; i++)
            {
                Assert.AreEqual(i % ldc >= n, c[i] == -7f, $"{level} element {i}");
            }
        }
    }

    [TestMethod]
    public void Short_spans_are_refused()
    {
        float[] packed = new float[Gemm.PackedSize(2, 2)];
        Assert.ThrowsExactly<ArgumentException>(() => Gemm.Multiply(new float[3], 2, packed, [], new float[4], 2, 2, 2, 2));
        Assert.ThrowsExactly<ArgumentException>(() => Gemm.Multiply(new float[4], 2, packed, [], new float[3], 2, 2, 2, 2));
        Assert.ThrowsExactly<ArgumentException>(
            () => Gemm.Multiply(new float[4], 2, packed, new float[1], new float[4], 2, 2, 2, 2));
        Assert.ThrowsExactly<ArgumentException>(() => Gemm.PackB(new float[3], false, 2, 2, packed));
    }

    private static float[] Multiply(SimdLevel level, int m, int k, int n, bool transposed)
    {
        int lda = k + 3, ldc = n;
        float[] a = KernelTest.Uniform(m * lda, 5), b = KernelTest.Uniform(k * n, 6), c = new float[m * ldc];
        float[] bias = (m % 3) == 0 ? [] : KernelTest.Uniform(n, 7);
        float[] scratch = new float[Gemm.PackedSize(k, n, level)];
        if (transposed)
        {
            float[] turned = new float[b.Length];
            for (int i = 0; i < b.Length; i++)
            {
                turned[(i % n * k) + (i / n)] = b[i];
            }

            b = turned;
        }

        (float lo, float hi) = (m % 2) == 0 ? (-0.5f, 0.75f) : (float.NegativeInfinity, float.PositiveInfinity);
        Gemm.MultiplyUnpacked(
            a, lda, b, transposed ? k : n, transposed, bias, c, ldc, m, k, n, scratch, lo, hi, level);
        return c;
    }
}
