using Mnn.Quantize.Configuration;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Rounding of weights, channel by channel.</summary>
[TestClass]
public sealed class WeightQuantizerTests
{
    private const int Channels = 5;
    private const int PerChannel = 90;

    [TestMethod]
    public void AdmmErrsLessThanMaxAbsAtFewBits()
    {
        // With many levels both err little, and the iteration may end in a worse one of its fixed points.
        float[] weights = Weights();
        for (int bits = 2; bits <= 5; bits++)
        {
            double[] maxAbs = Errors(weights, bits, WeightMethod.MaxAbs);
            double[] admm = Errors(weights, bits, WeightMethod.ADMM);
            Assert.IsLessThan(maxAbs.Sum(), admm.Sum(), $"{bits} bits");
        }
    }

    [TestMethod]
    public void AdmmEndsAtAFixedPoint()
    {
        float[] weights = Weights();
        var levels = new sbyte[weights.Length];
        var scales = new float[Channels];
        WeightQuantizer.Quantize(weights, Channels, 7, WeightMethod.ADMM, levels, scales);

        for (int c = 0; c < Channels; c++)
        {
            Range channel = (c * PerChannel)..((c + 1) * PerChannel);
            double weighted = weights[channel].Zip(levels[channel], (w, q) => (double)w * q).Sum();
            double squares = levels[channel].Sum(q => (double)q * q);
            Assert.AreEqual(weighted / squares, scales[c], 1e-6);
        }
    }

    [TestMethod]
    [DataRow(WeightMethod.MaxAbs)]
    [DataRow(WeightMethod.ADMM)]
    public void AChannelOfZerosStaysZero(WeightMethod method)
    {
        var levels = new sbyte[] { 9, 9, 9, 9 };
        var scales = new float[] { 9, 9 };

        WeightQuantizer.Quantize([0, 0, 1, -0.5f], 2, 127, method, levels, scales);

        Assert.AreEqual((0, 0), ((int)levels[0], (int)levels[1]));
        Assert.IsTrue(float.IsFinite(scales[0]) && scales[1] > 0);
    }

    private static float[] Weights() => new SmallNet().Values(Channels * PerChannel, -1, 1).Select(w => w * w * w).ToArray();

    private static double[] Errors(float[] weights, int bits, WeightMethod method)
    {
        var levels = new sbyte[weights.Length];
        var scales = new float[Channels];
        WeightQuantizer.Quantize(weights, Channels, (1 << (bits - 1)) - 1, method, levels, scales);
        float[] rounded = new RoundedWeights(levels, scales).ToFloat();
        return [.. weights.Zip(rounded, (w, r) => ((double)w - r) * (w - r))];
    }
}
