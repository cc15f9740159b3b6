using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>Rounding of weights against each other.</summary>
[TestClass]
public sealed class ErrorFeedbackTests
{
    [TestMethod]
    public void Independent_inputs_leave_each_weight_at_its_nearest_level()
    {
        const int Count = 9;
        var random = new Random(1);
        double[] moments = new double[Count * Count];
        for (int i = 0; i < Count; i++)
        {
            moments[(i * Count) + i] = 1 + i;
        }

        (float[] near, float[] far) = Changes(random, Count);
        bool[] takesFar = new bool[Count];
        new ErrorFeedback(moments, Count).Choose(near, far, takesFar);

        CollectionAssert.DoesNotContain(takesFar, true);
    }

    [TestMethod]
    public void The_error_of_sums_is_close_to_the_least_that_any_choice_has()
    {
        const int Count = 10;
        (double chosenErrors, double leastErrors, double nearErrors) = (0, 0, 0);
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            double[] moments = Moments(random, Count);
            (float[] near, float[] far) = Changes(random, Count);
            bool[] takesFar = new bool[Count];
            new ErrorFeedback(moments, Count).Choose(near, far, takesFar);

            double chosen = Error(moments, i => takesFar[i] ? far[i] : near[i], Count);
            double least = Enumerable.Range(0, 1 << Count).Min(set => Error(moments, i => (set >> i & 1) != 0 ? far[i] : near[i], Count));
            double nearest = Error(moments, i => near[i], Count);
            Assert.IsLessThanOrEqualTo(nearest * (1 + 1e-6), chosen, $"seed {seed}");
            (chosenErrors, leastErrors, nearErrors) = (chosenErrors + chosen, leastErrors + least, nearErrors + nearest);
        }

        Assert.IsLessThan(1.3 * leastErrors, chosenErrors);
        Assert.IsLessThan(nearErrors / 2, chosenErrors);
    }

    [TestMethod]
    public void A_weight_without_another_level_keeps_its_own()
    {
        const int Count = 12;
        var random = new Random(3);
        (float[] near, float[] _) = Changes(random, Count);
        bool[] takesFar = new bool[Count];
        new ErrorFeedback(Moments(random, Count), Count).Choose(near, near, takesFar);

        CollectionAssert.DoesNotContain(takesFar, true);
    }

    // Two levels one apart around a weight: the nearer and the other one.
    private static (float[] Near, float[] Far) Changes(Random random, int count)
    {
        float[] near = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        return (near, Array.ConvertAll(near, e => e > 0 ? e - 1 : e + 1));
    }

    // Of inputs that go together.
    private static double[] Moments(Random random, int count)
    {
        double[] moments = new double[count * count];
        for (int sample = 0; sample < 3 * count; sample++)
        {
            double common = (random.NextDouble() * 4) - 2;
            double[] x = [.. Enumerable.Range(0, count).Select(_ => common + random.NextDouble() - 0.5)];
            for (int i = 0; i < moments.Length; i++)
            {
                moments[i] += x[i / count] * x[i % count];
            }
        }

        return moments;
    }

    private static double Error(double[] moments, Func<int, double> change, int count)
    {
        double error = 0;
        for (int i = 0; i < moments.Length; i++)
        {
            error += moments[i] * change(i / count) * change(i % count);
        }

        return error;
    }
}
