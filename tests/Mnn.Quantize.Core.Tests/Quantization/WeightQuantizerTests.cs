using Mnn.Quantize.Configuration;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Quantization;

[TestClass]
public sealed class WeightQuantizerTests
{
    private const int Channels = 16;

    [TestMethod]
    [DataRow(27, 127)]
    [DataRow(1, 127)]
    [DataRow(64, 7)]
    [DataRow(64, 1)]
    public void MaxAbsUsesTheWholeRangeAndErrsByHalfAStep(int k, int limit)
    {
        float[] weights = Weights(k, seed: limit);
        (sbyte[] levels, float[] scales) = Quantize(weights, limit, WeightMethod.MaxAbs);
        for (int c = 0; c < Channels; c++)
        {
            float[] channel = weights[(c * k)..((c + 1) * k)];
            Assert.AreEqual(channel.Max(MathF.Abs) / limit, scales[c], 1e-6f * scales[c]);
            Assert.AreEqual(limit, levels[(c * k)..((c + 1) * k)].Max(l => Math.Abs((int)l)));
            for (int i = 0; i < k; i++)
            {
                double error = Math.Abs(channel[i] - ((double)levels[(c * k) + i] * scales[c]));
                Assert.IsLessThanOrEqualTo(scales[c] * 0.5001, error);
            }
        }
    }

    [TestMethod]
    [DataRow(64, 7)]
    [DataRow(300, 3)]
    public void AdmmErrsLessThanMaxAbsWhereLevelsAreFew(int k, int limit)
    {
        float[] weights = Weights(k, seed: k);
        (sbyte[] levels, float[] scales) = Quantize(weights, limit, WeightMethod.ADMM);
        (sbyte[] plainLevels, float[] plainScales) = Quantize(weights, limit, WeightMethod.MaxAbs);

        Assert.IsLessThan(Error(weights, plainLevels, plainScales, k), Error(weights, levels, scales, k));
    }

    [TestMethod]
    [DataRow(27, 127)]
    [DataRow(64, 7)]
    [DataRow(300, 3)]
    public void AdmmScalesAreTheBestForTheirLevels(int k, int limit)
    {
        float[] weights = Weights(k, seed: k);
        (sbyte[] levels, float[] scales) = Quantize(weights, limit, WeightMethod.ADMM);
        for (int c = 0; c < Channels; c++)
        {
            // s = sum(w q) / sum(q q) is where the squared error has its least for these levels.
            (double wq, double qq) = (0, 0);
            for (int i = c * k; i < (c + 1) * k; i++)
            {
                wq += weights[i] * (double)levels[i];
                qq += levels[i] * (double)levels[i];
            }

            Assert.AreEqual(wq / qq, scales[c], 1e-5 * scales[c], $"channel {c}");
        }
    }

    [TestMethod]
    [DataRow(WeightMethod.MaxAbs)]
    [DataRow(WeightMethod.ADMM)]
    public void AChannelOfZerosHasScaleZero(WeightMethod method)
    {
        float[] weights = Weights(9, seed: 3);
        weights.AsSpan(9, 9).Clear();
        (sbyte[] levels, float[] scales) = Quantize(weights, 127, method);
        Assert.AreEqual(0f, scales[1]);
        Assert.IsTrue(Array.TrueForAll(levels[9..18], l => l == 0));
        Assert.IsTrue(scales[0] > 0 && scales[2] > 0);
    }

    [TestMethod]
    public void HalvesAreRoundedAwayFromZero()
    {
        float[] weights = [.. Enumerable.Repeat(0f, 4 * (Channels - 1)), 4f, 0.5f, -0.5f, 2.5f];
        (sbyte[] levels, _) = Quantize(weights, 4, WeightMethod.MaxAbs);
        CollectionAssert.AreEqual((sbyte[])[4, 1, -1, 3], levels[^4..]);
    }

    [TestMethod]
    [DataRow(WeightMethod.MaxAbs)]
    [DataRow(WeightMethod.ADMM)]
    public void TheSmallestAndGreatestFloatsAreQuantizedToo(WeightMethod method)
    {
        float[] weights = [.. Enumerable.Repeat(1f, 2 * (Channels - 2)), float.Epsilon, 0, float.MaxValue, -float.MaxValue];
        (sbyte[] levels, float[] scales) = Quantize(weights, 127, method);
        Assert.IsTrue(Array.TrueForAll(scales, float.IsFinite), string.Join(", ", scales));
        Assert.IsTrue(levels[^2] > 100 && levels[^1] < -100, $"{levels[^2]}, {levels[^1]}");
    }

    private static double Error(float[] weights, sbyte[] levels, float[] scales, int k) =>
        weights.Select((w, i) => Math.Pow(w - ((double)levels[i] * scales[i / k]), 2)).Sum();

    private static (sbyte[] Levels, float[] Scales) Quantize(float[] weights, int limit, WeightMethod method)
    {
        sbyte[] levels = new sbyte[weights.Length];
        float[] scales = new float[Channels];
        WeightQuantizer.Quantize(weights, Channels, limit, method, levels, scales);
        return (levels, scales);
    }

    private static float[] Weights(int k, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Channels * k).Select(i =>
            (float)((random.NextDouble() - 0.5) * Math.Pow(10, (i / k % 5) - 3) * (1 + (3 * random.NextDouble()))))];
    }
}
