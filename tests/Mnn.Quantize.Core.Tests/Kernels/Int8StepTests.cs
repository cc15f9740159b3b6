using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>Rounding to int8 and what is computed in its steps: vectors against the scalar twins, and special values.</summary>
[TestClass]
public sealed class Int8StepTests
{
    private static readonly float[] Special =
    [
        0, -0f, 0.5f, -0.5f, 0.49999997f, -0.49999997f, 1.5f, 126.5f, -126.5f, 127.49f, 1e9f, -1e9f, 3e9f, -3e9f,
        float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon,
    ];

    [TestMethod]
    public void Casts_are_the_same_in_every_family()
    {
        float[] source = [.. Special, .. Enumerable.Range(-300, 601).Select(i => i * 0.25f)];
        var expected = new sbyte[source.Length];
        var found = new sbyte[source.Length];
        var real = new float[source.Length];
        var realScalar = new float[source.Length];
        QuantizeInt8.FromFloat(source, 1.7f, -3, -127, 127, expected, SimdLevel.Scalar);
        QuantizeInt8.ToFloat(expected, 0.3f, -3, realScalar, SimdLevel.Scalar);
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            QuantizeInt8.FromFloat(source, 1.7f, -3, -127, 127, found, level);
            CollectionAssert.AreEqual(expected, found, $"{level}");
            QuantizeInt8.ToFloat(found, 0.3f, -3, real, level);
            CollectionAssert.AreEqual(realScalar, real, $"{level}");
        }
    }

    [TestMethod]
    public void A_cast_moves_by_the_zero_point_before_it_rounds()
    {
        var q = new sbyte[4];
        QuantizeInt8.FromFloat([-2.5f, 0.5f, float.NaN, -1e20f], 1, 1, -127, 120, q);
        CollectionAssert.AreEqual(new sbyte[] { -2, 2, 120, -127 }, q);
    }

    [TestMethod]
    public void Rounding_first_sends_what_fits_no_integer_to_the_lower_bound()
    {
        Assert.AreEqual((sbyte)-127, Int8Rounding.RoundThenBound(float.NaN, -127, 127));
        Assert.AreEqual((sbyte)-127, Int8Rounding.RoundThenBound(3e9f, -127, 127));
        Assert.AreEqual((sbyte)127, Int8Rounding.RoundThenBound(2e9f, -127, 127));
        Assert.AreEqual((sbyte)0, Int8Rounding.RoundThenShift(0.49999997f, 0, -127, 127));
        Assert.AreEqual((sbyte)-3, Int8Rounding.RoundThenShift(-2.5f, 0, -127, 127));
        Assert.AreEqual((sbyte)127, Int8Rounding.BoundThenRound(float.NaN, -127, 127));
    }

    [TestMethod]
    public void Requantizing_is_the_same_in_every_family()
    {
        foreach (int channels in new[] { 1, 7, 8, 9, 24, 33 })
        {
            int[] sums = [.. Enumerable.Range(0, channels * 5).Select(i => (i * 7919 % 60000) - 30000)];
            sums[0] = int.MinValue;
            float[] scales = [.. Enumerable.Range(0, channels).Select(i => 0.001f * (i + 1))];
            float[] biases = [.. Enumerable.Range(0, channels).Select(i => (i % 5) - 2.25f)];
            (scales[^1], biases[0]) = (float.NaN, float.PositiveInfinity);
            sbyte[] dense = new sbyte[sums.Length], deep = new sbyte[sums.Length], found = new sbyte[sums.Length];
            RequantizeInt8.Dense(sums, scales, 0.7f, biases, -100, 127, dense, SimdLevel.Scalar);
            RequantizeInt8.Depthwise(sums, scales, -100, 127, deep, SimdLevel.Scalar);
            Assert.AreEqual((sbyte)127, dense[channels - 1]);
            Assert.AreEqual((sbyte)-100, deep[channels - 1]);
            foreach (SimdLevel level in SimdLevels.Ranked)
            {
                RequantizeInt8.Dense(sums, scales, 0.7f, biases, -100, 127, found, level);
                CollectionAssert.AreEqual(dense, found, $"{level} {channels}");
                RequantizeInt8.Depthwise(sums, scales, -100, 127, found, level);
                CollectionAssert.AreEqual(deep, found, $"{level} {channels}");
            }
        }
    }

    [TestMethod]
    public void Functions_of_two_are_the_same_in_every_family()
    {
        sbyte[] a = Int8Tests.Bytes(67, 1), b = Int8Tests.Bytes(67, 2);
        var scales = new BinaryScales(0.01f, -5, 0.02f, 7, 1 / 0.03f, 3, -127, 127);
        sbyte[] sum = new sbyte[67], quotient = new sbyte[67], found = new sbyte[67];
        BinaryInt8.Run(default(BinaryOperators.Add), a, b, scales, sum, SimdLevel.Scalar);
        BinaryInt8.Run(default(BinaryOperators.Div), a, b.AsSpan(0, 1), scales, quotient, SimdLevel.Scalar);
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            BinaryInt8.Run(default(BinaryOperators.Add), a, b, scales, found, level);
            CollectionAssert.AreEqual(sum, found, $"{level}");
            BinaryInt8.Run(default(BinaryOperators.Div), a, b.AsSpan(0, 1), scales, found, level);
            CollectionAssert.AreEqual(quotient, found, $"{level}");
        }
    }

    [TestMethod]
    public void Pooling_is_the_same_in_every_family()
    {
        foreach (int channels in new[] { 1, 15, 16, 17, 40 })
        {
            ConvolutionShape s = ConvolutionTests.Shape(5, 6, channels, channels, 3, 3, 2, 1, 1, channels);
            sbyte[] x = Int8Tests.Bytes((int)s.InputLength, 3);
            sbyte[] greatest = new sbyte[s.OutputLength], mean = new sbyte[s.OutputLength], found = new sbyte[s.OutputLength];
            PoolInt8.Max(s, x, greatest, SimdLevel.Scalar);
            PoolInt8.Average(s, x, mean, SimdLevel.Scalar);
            foreach (SimdLevel level in SimdLevels.Ranked)
            {
                PoolInt8.Max(s, x, found, level);
                CollectionAssert.AreEqual(greatest, found, $"{level} {channels}");
                PoolInt8.Average(s, x, found, level);
                CollectionAssert.AreEqual(mean, found, $"{level} {channels}");
            }
        }
    }

    [TestMethod]
    [DataRow(1, 1, 1, 0, 1)]
    [DataRow(3, 2, 1, 1, 1)]
    [DataRow(3, 1, 2, 2, 1)]
    [DataRow(3, 1, 1, 1, 3)]
    [DataRow(1, 1, 1, 0, 3)]
    public void A_dense_convolution_is_exact(int kernel, int stride, int dilation, int pad, int group)
    {
        ConvolutionShape s = ConvolutionTests.Shape(5, 6, 6, 9, kernel, kernel, stride, dilation, pad, group);
        int channels = s.InputChannels / group, perGroup = s.OutputChannels / group;
        sbyte[] x = Int8Tests.Bytes((int)s.InputLength, 1);
        sbyte[] weights = Int8Tests.Bytes(s.OutputChannels * channels * kernel * kernel, 2);
        int[] bias = [.. Enumerable.Range(-4, s.OutputChannels)], expected = new int[s.OutputLength];
        for (int i = 0; i < expected.Length; i++)
        {
            int o = i % s.OutputChannels, pixel = i / s.OutputChannels;
            int ox = pixel % s.OutputWidth, oy = pixel / s.OutputWidth % s.OutputHeight, n = pixel / s.OutputWidth / s.OutputHeight;
            expected[i] = bias[o];
            for (int t = 0; t < kernel * kernel * channels; t++)
            {
                int c = t / (kernel * kernel), ky = t / kernel % kernel, kx = t % kernel;
                int iy = (oy * stride) - pad + (ky * dilation), ix = (ox * stride) - pad + (kx * dilation);
                bool inside = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
                int at = (((((n * s.InputHeight) + iy) * s.InputWidth) + ix) * s.InputChannels) + (o / perGroup * channels) + c;
                expected[i] += (inside ? x[at] : -7) * weights[(o * channels * kernel * kernel) + t];
            }
        }

        int pixels = expected.Length / s.OutputChannels;
        foreach (SimdLevel level in SimdLevels.Ranked)
        {
            short[] packed = new short[ConvolutionInt8.PackedSize(s, level)];
            ConvolutionInt8.PackWeights(s, weights, packed, level);
            sbyte[] scratch = new sbyte[ConvolutionInt8.ScratchSize(s, pixels)];
            int[] found = new int[expected.Length];
            ConvolutionInt8.RunPixels(s, x, packed, bias, -7, found, 0, 3, scratch, level);
            ConvolutionInt8.RunPixels(
                s, x, packed, bias, -7, found.AsSpan(3 * s.OutputChannels), 3, pixels - 3, scratch, level);
            CollectionAssert.AreEqual(expected, found, $"{level}");
        }
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(6)]
    [DataRow(8)]
    public unsafe void Winograd_yields_the_convolution(int window)
    {
        float* s = stackalloc float[8 * window], d = stackalloc float[8 * window], y = stackalloc float[8 * window];
        for (int unit = 2; unit < window; unit++)
        {
            int kernel = window - unit + 1;
            float[] matrix = WinogradTransforms.KernelMatrix(window, kernel);
            for (int i = 0; i < 8 * window; i++)
            {
                s[i] = (i * 37 % 19) - 9;
            }

            WinogradTransforms.Source(window, s, 8, d, 8);
            for (int i = 0; i < window; i++)
            {
                float transformed = 0;
                for (int k = 0; k < kernel; k++)
                {
                    transformed += matrix[(i * kernel) + k] * (k + 1.5f);
                }

                for (int lane = 0; lane < 8; lane++)
                {
                    d[(i * 8) + lane] *= transformed;
                }
            }

            WinogradTransforms.Destination(window, unit, d, 8, y, 8);
            for (int i = 0; i < unit * 8; i++)
            {
                float expected = 0;
                for (int k = 0; k < kernel; k++)
                {
                    expected += s[i + (8 * k)] * (k + 1.5f);
                }

                Assert.AreEqual(expected, y[i], 0.02f, $"unit {unit}, {i}");
            }
        }
    }
}
