using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class Int8Tests
{
    [TestMethod]
    public void Every_family_gives_the_exact_product()
    {
        foreach (int n in Enumerable.Range(1, 40).Append(67))
        {
            foreach (int m in new[] { 1, 2, 5, 6, 7, 11, 12, 13, 19, 31 })
            {
                foreach (int k in new[] { 1, 2, 3, 16, 33, 513, 1030 }.Where(k => k < 500 || n % 7 == 0))
                {
                    sbyte[] a = Bytes(m * k, 1), b = Bytes(k * n, 2);
                    int[] bias = [.. Enumerable.Range(-3, n)];
                    int[] expected = Multiply(a, b, bias, m, k, n);
                    foreach (SimdLevel level in SimdLevels.Ranked)
                    {
                        short[] packed = new short[GemmInt8.PackedSize(k, n, level)];
                        int[] c = new int[m * n];
                        GemmInt8.PackB(b, false, k, n, packed, level);
                        GemmInt8.Multiply(a, k, packed, bias, c, n, m, k, n, level);
                        CollectionAssert.AreEqual(expected, c, $"{level} {m} {k} {n}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void The_largest_products_do_not_saturate()
    {
        sbyte[] lowest = [.. Enumerable.Repeat((sbyte)-128, 64)];
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            short[] packed = new short[GemmInt8.PackedSize(64, 1, level)];
            int[] c = new int[1];
            GemmInt8.PackB(lowest, true, 64, 1, packed, level);
            GemmInt8.Multiply(lowest, 64, packed, [], c, 1, 1, 64, 1, level);
            Assert.AreEqual(64 * 128 * 128, c[0]);
        }
    }

    [TestMethod]
    public void Depthwise_is_exact_with_any_padding_value()
    {
        foreach (int channels in Enumerable.Range(1, 33))
        {
            ConvolutionShape s = ConvolutionTests.Shape(5, 6, channels, channels, 3, 3, 2, 1, 1, channels);
            sbyte[] x = Bytes((int)s.InputLength, 1), weights = Bytes(9 * channels, 2);
            short[] packed = new short[9 * channels];
            DepthwiseInt8.PackWeights(s, weights, packed);
            int[] expected = new int[s.OutputLength], y = new int[s.OutputLength];
            for (int i = 0; i < expected.Length; i++)
            {
                int c = i % channels, ox = i / channels % 3, oy = i / channels / 3 % 3, n = i / channels / 9;
                for (int t = 0; t < 9; t++)
                {
                    int iy = (oy * 2) - 1 + (t / 3), ix = (ox * 2) - 1 + (t % 3);
                    int value = iy is >= 0 and < 5 && ix is >= 0 and < 6
                        ? x[(((((n * 5) + iy) * 6) + ix) * channels) + c]
                        : -7;
                    expected[i] += value * weights[(c * 9) + t];
                }
            }

            foreach (SimdLevel level in SimdLevels.Ranked)
            {
                DepthwiseInt8.RunRows(s, x, packed, [], -7, y, 0, 2, level);
                DepthwiseInt8.RunRows(
                    s, x, packed, [], -7, y.AsSpan(2 * s.OutputWidth * channels), 2, s.OutputRows, level);
                CollectionAssert.AreEqual(expected, y, $"{level} {channels}");
            }
        }
    }

    internal static sbyte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return [.. bytes.Select(value => (sbyte)value)];
    }

    private static int[] Multiply(sbyte[] a, sbyte[] b, int[] bias, int m, int k, int n)
    {
        int[] c = new int[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                c[(i * n) + j] = bias[j];
                for (int l = 0; l < k; l++)
                {
                    c[(i * n) + j] += a[(i * k) + l] * b[(l * n) + j];
                }
            }
        }

        return c;
    }
}
