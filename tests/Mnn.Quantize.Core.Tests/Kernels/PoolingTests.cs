using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class PoolingTests
{
    [TestMethod]
    public void Every_family_gives_the_bits_of_the_scalar_twin()
    {
        foreach (int channels in Enumerable.Range(1, 40).Append(130))
        {
            foreach ((int kernel, int stride, int dilation, int pad) in
                new[] { (2, 2, 1, 0), (3, 2, 1, 1), (3, 1, 2, 2), (7, 1, 1, 0), (1, 1, 1, 1) })
            {
                ConvolutionShape shape =
                    ConvolutionTests.Shape(7, 9, channels, channels, kernel, kernel, stride, dilation, pad, 1);
                float[] x = KernelTest.Uniform((int)shape.InputLength, channels);
                foreach (PoolingKind kind in Enum.GetValues<PoolingKind>())
                {
                    float[] expected = new float[shape.OutputLength], actual = new float[shape.OutputLength];
                    Pooling2D.Run(kind, shape, pad, pad, x, expected, SimdLevel.Scalar);
                    foreach (SimdLevel level in KernelTest.VectorLevels)
                    {
                        int half = shape.OutputRows / 2;
                        Pooling2D.RunRows(kind, shape, pad, pad, x, actual, 0, half, level);
                        Pooling2D.RunRows(kind, shape, pad, pad, x, actual, half, shape.OutputRows, level);
                        KernelTest.SameBits(expected, actual, $"{kind} {level} {shape}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Of_equal_zeros_the_first_is_the_largest_and_NaN_is_passed_over_in_every_family()
    {
        float[] special = [0f, -0f, float.NaN, float.NegativeInfinity];
        ConvolutionShape shape = ConvolutionTests.Shape(9, 21, 37, 37, 3, 3, 2, 1, 1, 1);
        var random = new Random(5);
        float[] x = [.. Enumerable.Range(0, (int)shape.InputLength).Select(_ => special[random.Next(special.Length)])];
        float[] expected = new float[shape.OutputLength];
        Pooling2D.Run(PoolingKind.Max, shape, 1, 1, x, expected, SimdLevel.Scalar);
        Assert.IsTrue(expected.Any(float.IsNegative) && expected.Contains(0f));
        foreach (SimdLevel level in KernelTest.VectorLevels)
        {
            float[] actual = new float[shape.OutputLength];
            Pooling2D.Run(PoolingKind.Max, shape, 1, 1, x, actual, level);
            KernelTest.SameBits(expected, actual, $"{level}");
        }
    }

    [TestMethod]
    public void A_division_by_a_power_of_two_rounds_small_numbers_as_it_should_in_every_family()
    {
        ConvolutionShape shape = ConvolutionTests.Shape(4, 18, 16, 16, 2, 2, 2, 1, 0, 1);
        float[] x = [.. Enumerable.Range(0, (int)shape.InputLength).Select(i => BitConverter.Int32BitsToSingle(i % 97))];
        float[] expected = [.. Enumerable.Range(0, (int)shape.OutputLength).Select(i => SumOfFour(shape, x, i) / 4)];
        foreach (SimdLevel level in KernelTest.VectorLevels.Append(SimdLevel.Scalar))
        {
            float[] actual = new float[shape.OutputLength];
            Pooling2D.Run(PoolingKind.AverageOfInside, shape, 0, 0, x, actual, level);
            KernelTest.SameBits(expected, actual, $"{level}");
        }
    }

    private static float SumOfFour(in ConvolutionShape s, float[] x, int index)
    {
        (int pixel, int c) = Math.DivRem(index, s.OutputChannels);
        (int row, int ox) = Math.DivRem(pixel, s.OutputWidth);
        int first = (((2 * row * s.InputWidth) + (2 * ox)) * s.InputChannels) + c, below = first + (s.InputWidth * s.InputChannels);
        return x[first] + x[first + s.InputChannels] + x[below] + x[below + s.InputChannels];
    }

    [TestMethod]
    public void Means_of_rows_add_up_rows_first_in_every_family()
    {
        foreach (int channels in Enumerable.Range(1, 40).Append(130))
        {
            foreach ((int kernel, int stride, int pad) in new[] { (2, 2, 0), (3, 2, 1), (3, 1, 2), (7, 1, 0), (1, 1, 1) })
            {
                ConvolutionShape s = ConvolutionTests.Shape(7, 9, channels, channels, kernel, kernel, stride, 1, pad, 1);
                float[] x = KernelTest.Uniform((int)s.InputLength, channels);
                float[] expected = [.. Enumerable.Range(0, (int)s.OutputLength).Select(i => MeanOfRows(s, x, i))];
                foreach (SimdLevel level in KernelTest.VectorLevels.Append(SimdLevel.Scalar))
                {
                    float[] actual = new float[s.OutputLength];
                    RowMeans.Run(s, x, actual, level);
                    KernelTest.SameBits(expected, actual, $"{level} {s}");
                }
            }
        }
    }

    private static float MeanOfRows(in ConvolutionShape s, float[] x, int index)
    {
        (int pixel, int c) = Math.DivRem(index, s.OutputChannels);
        (int row, int ox) = Math.DivRem(pixel, s.OutputWidth);
        (int n, int oy) = Math.DivRem(row, s.OutputHeight);
        (float sum, int count) = (0, 0);
        for (int iy = Math.Max(0, (oy * s.StrideHeight) - s.PadTop);
            iy < Math.Min(s.InputHeight, (oy * s.StrideHeight) - s.PadTop + s.KernelHeight); iy++)
        {
            float line = 0;
            for (int ix = Math.Max(0, (ox * s.StrideWidth) - s.PadLeft);
                ix < Math.Min(s.InputWidth, (ox * s.StrideWidth) - s.PadLeft + s.KernelWidth); ix++, count++)
            {
                line += x[(((((n * s.InputHeight) + iy) * s.InputWidth) + ix) * s.InputChannels) + c];
            }

            sum += line;
        }

        return count > 0 ? sum * (1f / count) : 0;
    }

    [TestMethod]
    public void Divisors_count_what_they_say()
    {
        // One row 1 2 3, windows of 3 columns 3 apart, one column of padding on each side: (pad 1 2) and (3 pad -).
        ConvolutionShape shape = new()
        {
            Batch = 1,
            InputHeight = 1,
            InputWidth = 3,
            InputChannels = 1,
            OutputHeight = 1,
            OutputWidth = 2,
            OutputChannels = 1,
            KernelHeight = 1,
            KernelWidth = 3,
            StrideWidth = 3,
            PadLeft = 1,
        };
        Assert.AreEqual((1.5f, 3f), Pool(PoolingKind.AverageOfInside, shape));
        Assert.AreEqual((1f, 1.5f), Pool(PoolingKind.AverageWithPadding, shape));
        Assert.AreEqual((1f, 1f), Pool(PoolingKind.AverageOfKernel, shape));
        Assert.AreEqual((2f, 3f), Pool(PoolingKind.Max, shape));
    }

    [TestMethod]
    public void A_window_of_the_whole_picture_gives_its_mean()
    {
        ConvolutionShape shape = ConvolutionTests.Shape(7, 9, 21, 21, 7, 9, 1, 1, 0, 1);
        float[] x = KernelTest.Uniform((int)shape.InputLength), y = new float[42];
        Pooling2D.Run(PoolingKind.AverageOfInside, shape, 0, 0, x, y);
        double[] expected = [.. Enumerable.Range(0, 42).Select(
            i => Enumerable.Range(0, 63).Average(p => (double)x[(((i / 21 * 63) + p) * 21) + (i % 21)]))];
        KernelTest.Near(expected, y, 1e-5, "mean");
    }

    private static (float First, float Second) Pool(PoolingKind kind, in ConvolutionShape shape)
    {
        float[] y = new float[2];
        Pooling2D.Run(kind, shape, 0, 1, [1, 2, 3], y);
        return (y[0], y[1]);
    }
}
