using Mnn.Quantize.Calibration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Calibration;

/// <summary>The fast search against the formula, bin by bin.</summary>
[TestClass]
public sealed class KlThresholdTests
{
    private const double Rounding = 1e-9;

    public static IEnumerable<object[]> Shapes => Enumerable.Range(0, 7).Select(i => new object[] { i });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void NoThresholdDivergesLess(int shape) => AssertLeast(Distribution(shape), $"distribution {shape}");

    [TestMethod]
    public void NoThresholdDivergesLessOnRealTensors()
    {
        var session = InferenceSession.Load(ModelFiles.PathOf("lenet5/model.mnn"));
        var observer = new Observer();
        session.Runner.Observer = observer;
        session.Run(new TensorValue("input", [1, 1, 28, 28], Archive.FloatRuns.Floats("lenet5/00.input.f32")));
        double[] bins = new double[KlThreshold.Bins];
        Assert.IsNotEmpty(observer.Histograms);
        foreach ((int id, MagnitudeHistogram histogram) in observer.Histograms)
        {
            histogram.Resample(bins);
            AssertLeast(bins, session.Graph.TensorName(id));
        }
    }

    [TestMethod]
    public void OneSpikeKeepsTheFewestBinsThatHoldIt()
    {
        double[] counts = new double[KlThreshold.Bins];
        counts[5] = 1000;
        Assert.AreEqual(KlThreshold.Levels, KlThreshold.Find(counts));
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void EstimatesAreWithinTheirErrorAndFindTheSameThreshold(int shape)
    {
        (var exact, var estimate) = (new KlDivergence(), new KlEstimate());
        foreach (double scale in new[] { 1e-3, 1, 1e5, 1e10 })
        {
            double[] counts = Array.ConvertAll(Distribution(shape), count => count * scale);
            exact.Take(counts);
            estimate.Take(exact);
            double[] divergences = [.. Enumerable.Range(KlThreshold.Levels, KlThreshold.Bins - KlThreshold.Levels).Select(exact.Of)];
            for (int i = 0; i < divergences.Length; i++)
            {
                int kept = KlThreshold.Levels + i;
                Assert.AreEqual(divergences[i], estimate.Of(kept), KlEstimate.Error, $"distribution {shape}, {scale} times, {kept} bins");
            }

            Assert.AreEqual(KlThreshold.Levels + Array.IndexOf(divergences, divergences.Min()), KlThreshold.Find(counts));
        }
    }

    // All candidates would take long: the formula is quadratic. So the best, its neighbours and a sample.
    private static void AssertLeast(double[] counts, string what)
    {
        int found = KlThreshold.Find(counts);
        Assert.IsTrue(found is >= KlThreshold.Levels and < KlThreshold.Bins, what);
        double least = KlThreshold.DivergenceByDefinition(counts, found);
        IEnumerable<int> others = Enumerable.Range(found - 8, 17)
            .Concat(Enumerable.Range(0, 240).Select(i => KlThreshold.Levels + (i * 8)))
            .Where(k => k is >= KlThreshold.Levels and < KlThreshold.Bins);
        foreach (int kept in others)
        {
            double divergence = KlThreshold.DivergenceByDefinition(counts, kept);
            bool isLess = divergence < least - (Rounding * Math.Max(1, Math.Abs(least)));
            Assert.IsFalse(isLess, $"{what}: {kept} bins diverge {divergence}, the {found} found {least}");
        }
    }

    private static double[] Distribution(int shape)
    {
        var random = new Random(shape);
        double[] counts = new double[KlThreshold.Bins];
        for (int i = 0; i < counts.Length; i++)
        {
            double x = (double)i / counts.Length;
            counts[i] = shape switch
            {
                0 => random.Next(1000),
                1 => Math.Floor(1e5 * Math.Exp(-20 * x * x)),
                2 => Math.Floor(1e6 * Math.Exp(-40 * x)),
                3 => random.Next(100) == 0 ? random.Next(100_000) : 0,
                4 => i < 300 ? 1000 : i == 2047 ? 1 : 0,
                5 => i % 3 == 0 ? 50.5 : 0,
                _ => Math.Pow(x, 4) * 1e5,
            };
        }

        return counts;
    }

    private sealed class Observer : IRunObserver
    {
        public Dictionary<int, MagnitudeHistogram> Histograms { get; } = [];

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            if (tensor.Type == ElementType.Float32 && tensor.Count > 500)
            {
                Histograms[id] = new MagnitudeHistogram();
                Histograms[id].Add(tensor.Floats);
            }
        }
    }
}
