using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Calibration;

/// <summary>The formulas of EMA.</summary>
[TestClass]
public sealed class RunningRangeTests
{
    [TestMethod]
    [DataRow(-1f, 1f, 2f / 254, 0)]
    [DataRow(0f, 6f, 6f / 254, -127)]
    [DataRow(2f, 6f, 6f / 254, -127)]
    [DataRow(-3f, -1f, 3f / 254, 127)]
    [DataRow(-1f, 3f, 4f / 254, -64)]
    public void ScaleAndZeroPointCoverTheRangeAndZero(float low, float high, float scale, int zero)
    {
        QuantParameters quant = RunningRange.Quantize(low, high, 127);

        Assert.AreEqual(scale, quant.Scale, 1e-7f);
        Assert.AreEqual(zero, quant.ZeroPoint);
        Assert.AreEqual((-127, 127), (quant.Min, quant.Max));
    }

    [TestMethod]
    public void AClampNarrowsTheLevels()
    {
        QuantParameters quant = RunningRange.Quantize(0, 10, 50);

        Assert.AreEqual((0.1f, -50, -50, 50), (quant.Scale, quant.ZeroPoint, quant.Min, quant.Max));
    }

    [TestMethod]
    public void ATensorOfZerosHasAFiniteScale()
    {
        var range = default(RunningRange);
        range.Add(0, 0, 127);

        Assert.IsTrue(range.IsZero);
        Assert.AreEqual(new QuantParameters(1, 0, -127, 127), range.Quantize(127));
    }

    [TestMethod]
    public void ARangeIsTheMeanOfItsBatches()
    {
        var range = default(RunningRange);
        range.Add(-1, 1, 127);
        Assert.AreEqual(2f / 254, range.Quantize(127).Scale, 1e-7f);

        range.Add(-2, 2, 127);
        range.Add(-6, 6, 127);

        Assert.AreEqual(2 * 3f / 254, range.Quantize(127).Scale, 1e-6f);
    }

    [TestMethod]
    public void FromTheHundredthBatchOnEachMovesTheRangeByAHundredth()
    {
        var range = default(RunningRange);
        for (int batch = 0; batch < 200; batch++)
        {
            range.Add(-1, 1, 127);
        }

        range.Add(-3, 3, 127);

        Assert.AreEqual(2 * 1.02f / 254, range.Quantize(127).Scale, 1e-6f);
    }

    [TestMethod]
    public void WhatIsFollowedIsTheRangeThatTheZeroPointCanExpress()
    {
        var range = default(RunningRange);
        range.Add(-1, 3, 127);

        // 4/254 a step and zero point -64 (from -63.5): 63 steps below zero, 191 above.
        var direct = RunningRange.Quantize(-63 * 4f / 254, 191 * 4f / 254, 127);
        Assert.AreEqual(direct.ZeroPoint, range.Quantize(127).ZeroPoint);
        Assert.AreEqual(direct.Scale, range.Quantize(127).Scale, 1e-7f);
    }

    [TestMethod]
    public void RoundingInVectorsIsTheFormula()
    {
        var random = new Random(5);
        for (int length = 0; length < 40; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 8) - 4)];
            float[] expected = [.. values.Select(x =>
            {
                float q = MathF.Round((x / 0.0236f) + 5, MidpointRounding.AwayFromZero);
                return (Math.Clamp(q, -127, 127) - 5) * 0.0236f;
            })];

            FakeQuantize.Run(values, 0.0236f, 5, -127, 127);

            CollectionAssert.AreEqual(expected, values);
        }
    }
}
