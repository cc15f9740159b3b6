using Mnn.Quantize.Configuration;
using Mnn.Quantize.Quantization.Compression;

namespace Mnn.Quantize.Core.Tests.Quantization.Compression;

[TestClass]
public sealed class RunQuantizerTests
{
    private const int Runs = 12;

    public static IEnumerable<object[]> Forms =>
        from bits in Enumerable.Range(2, 7)
        from isAsymmetric in new[] { false, true }
        select new object[] { bits, isAsymmetric };

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Least_squares_err_less_than_the_whole_range(int bits, bool isAsymmetric)
    {
        foreach (int k in (int[])[27, 64, 500])
        {
            float[] weights = Weights(k, bits);
            double whole = Error(weights, bits, isAsymmetric, WeightMethod.MaxAbs);
            double best = Error(weights, bits, isAsymmetric, WeightMethod.ADMM);

            Assert.IsLessThan(whole, best, $"k {k}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Seen_from_the_real_weights_the_stored_ones_are_as_long_and_have_their_mean(int bits, bool isAsymmetric)
    {
        const int K = 64;
        float[] weights = Weights(K, bits);
        QuantizedRuns runs = RunQuantizer.Quantize(weights, Scheme(bits, isAsymmetric, WeightMethod.ADMM));
        for (int run = 0; run < Runs; run++)
        {
            int[] places = [.. Enumerable.Range(run * K, K)];
            double mean = isAsymmetric ? places.Average(i => (double)weights[i]) : 0;
            double length = places.Sum(i => Math.Pow(weights[i] - mean, 2));

            Assert.AreEqual(length, places.Sum(i => (weights[i] - mean) * (Value(runs, i, K, bits) - mean)), 1e-4 * length);
            Assert.AreEqual(isAsymmetric ? 0 : places.Average(i => Value(runs, i, K, bits)), places.Average(i => Value(runs, i, K, bits)) - mean, 1e-5);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Levels_stay_within_their_bits_and_the_whole_range_errs_by_half_a_step_at_most(int bits, bool isAsymmetric)
    {
        const int K = 40;
        float[] weights = Weights(K, bits);
        foreach (WeightMethod method in Enum.GetValues<WeightMethod>())
        {
            QuantizedRuns runs = RunQuantizer.Quantize(weights, Scheme(bits, isAsymmetric, method));
            int least = isAsymmetric ? -(1 << (bits - 1)) : -((1 << (bits - 1)) - 1);
            Assert.IsTrue(Array.TrueForAll(runs.Levels, level => level >= least && level < 1 << (bits - 1)));
            for (int i = 0; i < weights.Length && method == WeightMethod.MaxAbs; i++)
            {
                Assert.IsLessThanOrEqualTo(0.5001 * runs.Scales[i / K], Math.Abs(weights[i] - Value(runs, i, K, bits)));
            }
        }
    }

    [TestMethod]
    [DataRow(WeightMethod.MaxAbs)]
    [DataRow(WeightMethod.ADMM)]
    public void Weights_that_have_levels_stay_as_they_are(WeightMethod method)
    {
        // Multiples of a power of two, all sixteen levels among them.
        float[] weights = [.. Enumerable.Range(0, Runs * 32).Select(i => (0.125f * (i % 16)) - 0.5f)];

        QuantizedRuns runs = RunQuantizer.Quantize(weights, Scheme(4, isAsymmetric: true, method));

        CollectionAssert.AreEqual(weights, Enumerable.Range(0, weights.Length).Select(i => (float)Value(runs, i, 32, 4)).ToArray());
    }

    [TestMethod]
    [DataRow(true, 0.3f)]
    [DataRow(true, -7f)]
    [DataRow(true, 0f)]
    [DataRow(false, 0f)]
    [DataRow(true, 1e-42f)]
    public void A_run_of_one_value_keeps_it(bool isAsymmetric, float value)
    {
        float[] weights = [.. Enumerable.Repeat(value, Runs * 8)];
        foreach (WeightMethod method in Enum.GetValues<WeightMethod>())
        {
            QuantizedRuns runs = RunQuantizer.Quantize(weights, Scheme(4, isAsymmetric, method));

            Assert.IsTrue(Enumerable.Range(0, weights.Length).All(i => (float)Value(runs, i, 8, 4) == value));
        }
    }

    [TestMethod]
    public void The_greatest_and_the_least_floats_have_finite_scales()
    {
        float[] weights = [float.MaxValue, float.MinValue, 0, 1];
        foreach ((int bits, bool isAsymmetric) in (ReadOnlySpan<(int, bool)>)[(2, true), (2, false), (8, true), (8, false)])
        {
            QuantizedRuns runs = RunQuantizer.Quantize(weights, new WeightScheme(bits, isAsymmetric, 1, WeightMethod.ADMM, ""));

            Assert.IsTrue(float.IsFinite(runs.Scales[0]), $"{bits} {isAsymmetric}");
        }
    }

    private static WeightScheme Scheme(int bits, bool isAsymmetric, WeightMethod method) => new(bits, isAsymmetric, Runs, method, "");

    private static double Error(float[] weights, int bits, bool isAsymmetric, WeightMethod method)
    {
        QuantizedRuns runs = RunQuantizer.Quantize(weights, Scheme(bits, isAsymmetric, method));
        return weights.Select((w, i) => Math.Pow(w - Value(runs, i, weights.Length / Runs, bits), 2)).Sum();
    }

    private static double Value(QuantizedRuns runs, int i, int k, int bits) => runs.Minima is { } minima
        ? minima[i / k] + ((runs.Levels[i] + (1 << (bits - 1))) * (double)runs.Scales[i / k])
        : runs.Levels[i] * (double)runs.Scales[i / k];

    // About normal, shifted differently in each run, with a few far out.
    private static float[] Weights(int k, int seed)
    {
        var random = new Random((1000 * seed) + k);
        float Normal() => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6;
        return [.. Enumerable.Range(0, Runs * k).Select(i => (0.1f * Normal() * (i % 31 == 0 ? 5 : 1)) + (0.02f * (i / k)))];
    }
}
