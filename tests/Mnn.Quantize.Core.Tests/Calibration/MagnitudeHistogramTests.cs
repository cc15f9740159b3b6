using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Caching;

namespace Mnn.Quantize.Core.Tests.Calibration;

[TestClass]
public sealed class MagnitudeHistogramTests
{
    [TestMethod]
    public void Counts_beyond_32_bits_are_exact()
    {
        var total = new MagnitudeHistogram();
        total.Add([1f, 1f, 0.25f, 0f]);
        long[] once = total.Counts();
        for (int doubled = 0; doubled < 36; doubled++)
        {
            var same = new MagnitudeHistogram();
            same.Merge(total);
            total.Merge(same);
        }

        CollectionAssert.AreEqual(once.Select(count => count << 36).ToArray(), total.Counts());

        // The bins get twice as wide.
        total.Add([2f]);
        Assert.AreEqual((3L << 36) + 1, total.Counts().Sum());
        var writer = new EntryWriter();
        total.Store(writer);
        var reader = new EntryReader(writer.Written);
        var read = new MagnitudeHistogram();
        read.MergeStored(ref reader);
        CollectionAssert.AreEqual(total.Counts(), read.Counts());
    }

    [TestMethod]
    public void A_large_tensor_counts_like_its_parts()
    {
        var random = new Random(1);
        float[] values = new float[100_003];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(3) == 0 ? 0 : (float)Math.Pow(random.NextDouble() - 0.5, 3);
        }

        var whole = new MagnitudeHistogram();
        var parts = new MagnitudeHistogram();
        whole.Add(values);
        for (int i = 0; i < values.Length; i += 1000)
        {
            parts.Add(values.AsSpan(i, Math.Min(1000, values.Length - i)));
        }

        CollectionAssert.AreEqual(whole.Counts(), parts.Counts());
        Assert.AreEqual(values.LongCount(v => Math.Abs(v) > MagnitudeHistogram.Negligible), whole.Counts().Sum());
    }

    // One value at a time, as the summary of the class says.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void EveryLengthCountsAsOneValueAfterAnother(bool negated)
    {
        var random = new Random(2);
        var histogram = new MagnitudeHistogram();
        var values = new List<float>();
        foreach (int length in Enumerable.Range(0, 70).Concat([511, 512, 513, 66_000, 130_049]))
        {
            float[] tensor = [.. Normal(random, length, Math.Pow(2, random.Next(-4, 4))).Select(v => random.Next(9) == 0 ? 0 : v)];
            Assert.IsTrue(histogram.Add(tensor, negated));
            values.AddRange(tensor.Select(v => negated ? Math.Max(0, -v) : v));
        }

        long[] counts = new long[MagnitudeHistogram.BinCount];
        foreach (float value in values.Where(v => Math.Abs(v) > MagnitudeHistogram.Negligible))
        {
            counts[(int)(Math.Abs(value) / histogram.BinWidth)]++;
        }

        CollectionAssert.AreEqual(counts, histogram.Counts());
        Assert.AreEqual(values.Min(), histogram.Min);
        Assert.AreEqual(values.Max(), histogram.Max);
    }

    [TestMethod]
    public void SeveralThreadsAddToOneHistogram()
    {
        float[][] tensors = Tensors(new Random(5));
        MagnitudeHistogram expected = Of(tensors.Concat(tensors).Concat(tensors));
        var shared = new MagnitudeHistogram();
        Parallel.For(0, 3 * tensors.Length, i => shared.Add(tensors[i % tensors.Length]));
        CollectionAssert.AreEqual(expected.Counts(), shared.Counts());
        Assert.AreEqual(expected.BinWidth, shared.BinWidth);
        Assert.AreEqual(expected.Min, shared.Min);
        Assert.AreEqual(expected.Max, shared.Max);
    }

    private const int Bins = KlThreshold.Bins;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void NeitherTheOrderNorTheDivisionAmongWorkersMatters(int seed)
    {
        float[][] tensors = Tensors(new Random(seed));
        double[] expected = Resampled(Of(tensors));
        var random = new Random(seed + 100);
        for (int attempt = 0; attempt < 10; attempt++)
        {
            random.Shuffle(tensors);
            MagnitudeHistogram[] workers = [new(), new(), new()];
            foreach (float[] tensor in tensors)
            {
                workers[random.Next(workers.Length)].Add(tensor);
            }

            random.Shuffle(workers);
            workers[0].Merge(workers[1]);
            workers[0].Merge(workers[2]);
            CollectionAssert.AreEqual(expected, Resampled(workers[0]));
        }
    }

    [TestMethod]
    public void CountsStayInPlaceWhenTheRangeGrows()
    {
        // A power of two at each end, so that fine bins fall into coarse ones without division.
        float[] small = [.. Enumerable.Range(1, 4095).Select(i => i / 4096f)];
        var grown = new MagnitudeHistogram();
        foreach (float value in small)
        {
            grown.Add([value]);
        }

        grown.Add([-1024f]);
        var together = new MagnitudeHistogram();
        together.Add([.. small, -1024f]);

        double[] bins = Resampled(grown);
        CollectionAssert.AreEqual(Resampled(together), bins);
        Assert.AreEqual(4096, bins.Sum());
        Assert.AreEqual(1, bins[^1]);

        // Bins are 1/2 wide: 2,047 values below, 2,048 above.
        Assert.AreEqual(2047, bins[0]);
        Assert.AreEqual(2048, bins[1]);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3.7)]
    [DataRow(3, 0.01)]
    [DataRow(4, 6e4)]
    public void ResampledBinsAreNearlyThoseOfCountingDirectly(int seed, double spread)
    {
        float[] values = Normal(new Random(seed), 100_000, spread);
        var histogram = new MagnitudeHistogram();
        histogram.Add(values);
        double[] exact = new double[Bins];
        float greatest = values.Max(MathF.Abs);
        foreach (float value in values.Where(v => Math.Abs(v) > MagnitudeHistogram.Negligible))
        {
            exact[Math.Min(Bins - 1, (int)(Math.Abs((double)value) * Bins / greatest))]++;
        }

        // A value strays by one bin at most, which is seen in the distribution function: by the count of one bin.
        double[] bins = Resampled(histogram);
        Assert.AreEqual(exact.Sum(), bins.Sum(), 1e-6);
        (double sum, double exactSum) = (0, 0);
        for (int i = 0; i < Bins; i++)
        {
            sum += bins[i];
            exactSum += exact[i];
            double fineBins = 0.26 * Math.Max(exact[i], i + 1 < Bins ? exact[i + 1] : 0);
            Assert.AreEqual(exactSum, sum, fineBins + (4 * Math.Sqrt(fineBins)) + 4, $"up to bin {i}");
        }
    }

    [TestMethod]
    public void NegligibleValuesDoNotCount()
    {
        var histogram = new MagnitudeHistogram();
        histogram.Add([0, 1e-6f, -1e-6f, 5e-7f]);
        Assert.AreEqual(0, Resampled(histogram).Sum());

        histogram.Add([0, 1e-6f, -2f, 1f]);
        Assert.AreEqual(2, Resampled(histogram).Sum());
        Assert.AreEqual(2f, histogram.MaxMagnitude);
        Assert.AreEqual(-2f, histogram.Min);
        Assert.AreEqual(1f, histogram.Max);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void ValuesThatAreNotFiniteAreSeenAtAnyPlace(float bad)
    {
        for (int length = 1; length < 70; length++)
        {
            float[] values = new float[length];
            values[length / 2] = bad;
            var histogram = new MagnitudeHistogram();
            histogram.Add(values);
            Assert.IsTrue(histogram.HasNonFinite, $"{length} values");
        }
    }

    [TestMethod]
    [DataRow(float.MaxValue)]
    [DataRow(1.5e-6f)]
    public void TheRangeOfFloatsFits(float value)
    {
        var histogram = new MagnitudeHistogram();
        histogram.Add([value, value / 2]);
        double[] bins = Resampled(histogram);
        Assert.AreEqual(value > 1e-5 ? 2 : 1, bins.Sum(), 1e-9);
        Assert.AreEqual(1, bins[^1], 1e-9);
    }

    private static MagnitudeHistogram Of(IEnumerable<float[]> tensors)
    {
        var histogram = new MagnitudeHistogram();
        foreach (float[] tensor in tensors)
        {
            histogram.Add(tensor);
        }

        return histogram;
    }

    private static double[] Resampled(MagnitudeHistogram histogram)
    {
        double[] bins = new double[Bins];
        histogram.Resample(bins);
        return bins;
    }

    // Of very different ranges and odd lengths.
    private static float[][] Tensors(Random random) =>
        [.. Enumerable.Range(0, 40).Select(_ => Normal(random, random.Next(1, 1500), Math.Pow(10, random.Next(-5, 5))))];

    private static float[] Normal(Random random, int count, double spread) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(spread
            * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
