using Mnn.Quantize.Calibration;

namespace Mnn.Quantize.Core.Tests.Calibration;

/// <summary>The histogram gives the scale that the iteration over all values gives.</summary>
[TestClass]
public sealed class AdmmScaleTests
{
    private const int Count = 60_000;

    [TestMethod]
    [DataRow(127, "normal", 0.001)]
    [DataRow(127, "long tail", 0.001)]
    [DataRow(127, "after ReLU6", 0.001)]
    [DataRow(127, "256 grey levels", 0.004)]
    [DataRow(20, "normal", 0.002)]
    [DataRow(1, "long tail", 0.001)]
    public void TheFixedPointIsThatOfTheIterationOverAllValues(int clamp, string kind, double tolerance)
    {
        float[] values = Values(kind);
        var histogram = new MagnitudeHistogram();
        histogram.Add(values);

        double inBins = AdmmScale.FixedPoint(histogram.Counts(), histogram.MaxMagnitude / histogram.BinWidth, clamp);

        double expected = Direct(values, clamp);
        Assert.AreEqual(expected, inBins * histogram.BinWidth, expected * tolerance);
    }

    // As the reference writes it, in double precision and over values, not bins.
    private static double Direct(float[] values, int clamp)
    {
        double scale = values.Max(Math.Abs) / (2.5 * clamp);
        for (int step = 0; step < 300; step++)
        {
            (double weighted, double squares) = (0, 0);
            foreach (float x in values)
            {
                double q = Math.Clamp(Math.Round(x / scale, MidpointRounding.AwayFromZero), -clamp, clamp);
                weighted += q * x;
                squares += q * q;
            }

            scale = weighted / squares;
        }

        return scale;
    }

    private static float[] Values(string kind)
    {
        var random = new Random(3);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, Count).Select(_ => (float)(kind switch
        {
            "normal" => Normal(),
            "long tail" => Math.Pow(Normal(), 3),
            "after ReLU6" => Math.Clamp(2 * Normal(), 0, 6),
            _ => (random.Next(256) - 72.93) * 0.0111,
        }))];
    }
}
