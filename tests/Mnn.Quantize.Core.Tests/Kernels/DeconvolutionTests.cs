using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class DeconvolutionTests
{
    private static readonly (int C, int O, int K, int S, int D, int P, int G)[] Cases =
    [
        (3, 5, 3, 2, 1, 1, 1), (16, 33, 2, 2, 1, 0, 1), (4, 6, 4, 2, 1, 1, 2), (5, 7, 3, 1, 2, 0, 1), (8, 1, 5, 3, 1, 2, 1),
        (7, 7, 3, 2, 1, 1, 7), (20, 20, 4, 2, 1, 1, 20),
    ];

    [TestMethod]
    public void Every_family_gives_the_bits_of_the_scalar_one_and_the_sum_in_double()
    {
        foreach (var c in Cases)
        {
            ConvolutionShape shape = Shape(c.C, c.O, c.K, c.S, c.D, c.P, c.G);
            float[] expected = Deconvolve(shape, SimdLevel.Scalar);
            KernelTest.Near(Reference(shape), expected, 1e-5, $"{shape}");
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                KernelTest.SameBits(expected, Deconvolve(shape, level), $"{level} {shape}");
            }
        }
    }

    [TestMethod]
    public void Depthwise_gives_the_same_in_every_family_and_the_sum_in_double()
    {
        foreach (int channels in Enumerable.Range(1, 40))
        {
            ConvolutionShape shape = Shape(channels, channels, 3, 2, 1, 1, channels);
            float[] expected = Depthwise(shape, SimdLevel.Scalar);
            KernelTest.Near(Reference(shape), expected, 1e-5, $"{shape}");
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                KernelTest.SameBits(expected, Depthwise(shape, level), $"{level} {shape}");
            }
        }
    }

    private static ConvolutionShape Shape(int c, int o, int kernel, int stride, int dilation, int pad, int group)
    {
        return new()
        {
            Batch = 2,
            InputHeight = 5,
            InputWidth = 6,
            InputChannels = c,
            OutputHeight = (4 * stride) + ((kernel - 1) * dilation) + 1 - (2 * pad),
            OutputWidth = (5 * stride) + ((kernel - 1) * dilation) + 1 - (2 * pad),
            OutputChannels = o,
            KernelHeight = kernel,
            KernelWidth = kernel,
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
        KernelTest.Uniform(s.InputChannels * s.OutputChannels / s.Group * s.KernelSize, 3);

    private static float[] Deconvolve(in ConvolutionShape s, SimdLevel level)
    {
        float[] packed = new float[Deconvolution2D.PackedSize(s, level)], y = new float[s.OutputLength];
        Deconvolution2D.PackWeights(s, Weights(s), packed, level);
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        Deconvolution2D.Run(s, x, packed, bias, y, new float[Deconvolution2D.ScratchSize(s)], -1, 1.5f, level);
        return y;
    }

    private static float[] Depthwise(in ConvolutionShape s, SimdLevel level)
    {
        float[] packed = new float[DepthwiseConvolution2D.PackedSize(s)], y = new float[s.OutputLength];
        DepthwiseConvolution2D.PackWeights(s, Weights(s), packed);
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        DepthwiseDeconvolution2D.RunRows(s, x, packed, bias, y, 0, 3, -1, 1.5f, level);
        DepthwiseDeconvolution2D.RunRows(s, x, packed, bias, y, 3, s.OutputRows, -1, 1.5f, level);
        return y;
    }

    private static double[] Reference(in ConvolutionShape s)
    {
        float[] x = KernelTest.Uniform((int)s.InputLength, 2), bias = KernelTest.Uniform(s.OutputChannels, 4);
        float[] weights = Weights(s);
        int channels = s.InputChannels / s.Group, outputs = s.OutputChannels / s.Group;
        double[] y = [.. Enumerable.Repeat(bias, (int)s.OutputLength / bias.Length).SelectMany(b => b).Select(b => (double)b)];
        for (int i = 0; i < x.Length; i++)
        {
            (int pixel, int c) = Math.DivRem(i, s.InputChannels);
            (int row, int ix) = Math.DivRem(pixel, s.InputWidth);
            (int n, int iy) = Math.DivRem(row, s.InputHeight);
            for (int t = 0; t < outputs * s.KernelSize; t++)
            {
                int o = t / s.KernelSize, ky = t % s.KernelSize / s.KernelWidth, kx = t % s.KernelWidth;
                int oy = (iy * s.StrideHeight) - s.PadTop + (ky * s.DilationHeight);
                int ox = (ix * s.StrideWidth) - s.PadLeft + (kx * s.DilationWidth);
                if (oy >= 0 && oy < s.OutputHeight && ox >= 0 && ox < s.OutputWidth)
                {
                    int target = (((n * s.OutputHeight) + oy) * s.OutputWidth) + ox;
                    y[(target * s.OutputChannels) + (c / channels * outputs) + o] +=
                        (double)x[i] * weights[(c * outputs * s.KernelSize) + t];
                }
            }
        }

        return [.. y.Select(value => Math.Clamp(value, -1, 1.5))];
    }
}
