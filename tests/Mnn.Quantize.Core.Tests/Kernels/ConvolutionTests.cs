using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class ConvolutionTests
{
    /// <summary>Input size, channels, outputs, kernel, stride, dilation, pad, group.</summary>
    private static readonly (int H, int W, int C, int O, int Kh, int Kw, int S, int D, int P, int G)[] Cases =
    [
        (5, 7, 3, 8, 3, 3, 1, 1, 1, 1), (9, 8, 3, 33, 3, 3, 2, 1, 1, 1), (6, 6, 16, 17, 1, 1, 1, 1, 0, 1),
        (6, 6, 5, 7, 1, 1, 2, 1, 0, 1), (6, 5, 8, 12, 1, 1, 1, 1, 0, 4), (11, 13, 6, 10, 3, 5, 1, 2, 2, 2),
        (4, 4, 2, 3, 5, 5, 1, 1, 2, 1), (3, 3, 1, 1, 7, 7, 1, 1, 3, 1), (17, 19, 20, 40, 3, 3, 1, 1, 1, 1),
        (7, 9, 512, 5, 1, 1, 2, 1, 0, 1), (6, 9, 9, 24, 2, 3, 3, 1, 0, 3), (3, 4, 4, 4, 3, 3, 1, 4, 4, 1),
    ];

    [TestMethod]
    public void Every_family_gives_the_bits_of_the_scalar_twin()
    {
        foreach (var c in Cases)
        {
            ConvolutionShape shape = Shape(c.H, c.W, c.C, c.O, c.Kh, c.Kw, c.S, c.D, c.P, c.G);
            float[] expected = Convolve(shape, SimdLevel.Scalar, 1);
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                KernelTest.SameBits(expected, Convolve(shape, level, 1), $"{level} {shape}");
                KernelTest.SameBits(expected, Convolve(shape, level, 3), $"{level} in parts {shape}");
            }
        }
    }

    [TestMethod]
    public void Every_family_gives_the_bits_of_the_scalar_twin_depthwise()
    {
        foreach (int channels in Enumerable.Range(1, 40).Append(67).Append(130))
        {
            foreach ((int kernel, int stride, int dilation, int pad) in
                new[] { (3, 1, 1, 1), (3, 2, 1, 1), (5, 1, 1, 2), (3, 1, 3, 3), (2, 2, 1, 0), (1, 1, 1, 0), (3, 1, 1, -1) })
            {
                // Widths whose columns within x are blocks of eight, of four and single ones, with and without a rest.
                int width = channels % 3 == 0 ? 7 + (channels % 4) : 23;
                ConvolutionShape shape =
                    Shape(6 + (channels % 5), width, channels, channels, kernel, kernel, stride, dilation, pad, channels);
                float[] expected = Depthwise(shape, SimdLevel.Scalar, 1);
                foreach (SimdLevel level in KernelTest.VectorLevels)
                {
                    KernelTest.SameBits(expected, Depthwise(shape, level, 1), $"{level} {shape}");
                    KernelTest.SameBits(expected, Depthwise(shape, level, 4), $"{level} in parts {shape}");
                }
            }
        }
    }

    [TestMethod]
    public void A_depthwise_convolution_is_one_with_as_many_groups_as_channels()
    {
        ConvolutionShape shape = Shape(9, 11, 6, 6, 3, 3, 2, 1, 1, 6);
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            KernelTest.SameBits(Convolve(shape, level, 1), Depthwise(shape, level, 1), $"{level}");
        }
    }

    [TestMethod]
    public void The_scalar_twin_agrees_with_a_sum_over_NCHW_in_double()
    {
        foreach (var c in Cases)
        {
            ConvolutionShape s = Shape(c.H, c.W, c.C, c.O, c.Kh, c.Kw, c.S, c.D, c.P, c.G);
            KernelTest.Near(Reference(s), Convolve(s, SimdLevel.Scalar, 1), 1e-5, $"{s}");
        }
    }

    [TestMethod]
    public void Taps_are_those_that_meet_the_input()
    {
        for (int origin = -9; origin < 9; origin++)
        {
            for (int dilation = 1; dilation < 4; dilation++)
            {
                int[] inside = [.. Enumerable.Range(0, 4).Where(t => origin + (t * dilation) is >= 0 and < 5)];
                (int first, int last) = ConvolutionShape.Taps(origin, 4, dilation, 5);
                CollectionAssert.AreEqual(inside, Enumerable.Range(first, last - first).ToArray());
            }
        }
    }

    internal static ConvolutionShape Shape(
        int h, int w, int c, int o, int kh, int kw, int stride, int dilation, int pad, int group)
    {
        return new()
        {
            Batch = 2,
            InputHeight = h,
            InputWidth = w,
            InputChannels = c,
            OutputHeight = ((h + (2 * pad) - ((kh - 1) * dilation) - 1) / stride) + 1,
            OutputWidth = ((w + (2 * pad) - ((kw - 1) * dilation) - 1) / stride) + 1,
            OutputChannels = o,
            KernelHeight = kh,
            KernelWidth = kw,
            StrideHeight = stride,
            StrideWidth = stride,
            DilationHeight = dilation,
            DilationWidth = dilation,
            PadTop = pad,
            PadLeft = pad,
            Group = group,
        };
    }

    private static float[] Weights(in ConvolutionShape s) =>
        KernelTest.Uniform(s.OutputChannels * s.InputChannels / s.Group * s.KernelSize, 3);

    private static float[] Convolve(in ConvolutionShape s, SimdLevel level, int parts)
    {
        float[] packed = new float[Convolution2D.PackedSize(s, level)];
        Convolution2D.PackWeights(s, Weights(s), packed, level);
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        float[] y = new float[s.OutputLength], scratch = new float[Convolution2D.ScratchSize(s)];
        for (int i = 0; i < parts; i++)
        {
            Convolution2D.RunRows(
                s, x, packed, bias, y, scratch, s.OutputRows * i / parts, s.OutputRows * (i + 1) / parts, level: level);
        }

        return y;
    }

    private static float[] Depthwise(in ConvolutionShape s, SimdLevel level, int parts)
    {
        float[] packed = new float[DepthwiseConvolution2D.PackedSize(s)];
        DepthwiseConvolution2D.PackWeights(s, Weights(s), packed);
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        float[] y = new float[s.OutputLength];
        for (int i = 0; i < parts; i++)
        {
            DepthwiseConvolution2D.RunRows(
                s, x, packed, bias, y, s.OutputRows * i / parts, s.OutputRows * (i + 1) / parts, level: level);
        }

        return y;
    }

    private static double[] Reference(in ConvolutionShape s)
    {
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        float[] weights = Weights(s);
        int channels = s.InputChannels / s.Group, outputs = s.OutputChannels / s.Group;
        double[] y = new double[s.OutputLength];
        for (int i = 0; i < y.Length; i++)
        {
            int o = i % s.OutputChannels, ox = i / s.OutputChannels % s.OutputWidth;
            int oy = i / s.OutputChannels / s.OutputWidth % s.OutputHeight;
            int n = i / s.OutputChannels / s.OutputWidth / s.OutputHeight;
            y[i] = bias[o];
            for (int t = 0; t < channels * s.KernelSize; t++)
            {
                int c = t / s.KernelSize, ky = t % s.KernelSize / s.KernelWidth, kx = t % s.KernelWidth;
                int iy = (oy * s.StrideHeight) - s.PadTop + (ky * s.DilationHeight);
                int ix = (ox * s.StrideWidth) - s.PadLeft + (kx * s.DilationWidth);
                if (iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth)
                {
                    int pixel = (((n * s.InputHeight) + iy) * s.InputWidth) + ix;
                    double value = x[(pixel * s.InputChannels) + (o / outputs * channels) + c];
                    y[i] += value * weights[(o * channels * s.KernelSize) + t];
                }
            }
        }

        return y;
    }
}
