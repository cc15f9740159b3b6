using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>Steps of optimizers, by their formulas and in all kernel families.</summary>
[TestClass]
public sealed class OptimizerStepsTests
{
    private const int Count = 1003;
    private const int Steps = 5;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void All_families_give_the_same_bits_and_what_the_formula_says(bool adam)
    {
        (float[] expected, double[] formula) = Run(adam, SimdLevel.Scalar);
        for (int i = 0; i < Count; i++)
        {
            Assert.AreEqual(formula[i], expected[i], 1e-5, $"element {i}");
        }

        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            CollectionAssert.AreEqual(expected, Run(adam, level).Weights, level.ToString());
        }
    }

    private static (float[] Weights, double[] Formula) Run(bool adam, SimdLevel level)
    {
        const float rate = 0.01f, keep = 0.9f, keepSquare = 0.999f, decay = 0.05f;
        var random = new Random(3);
        float[] weights = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.5f)];
        float[] first = new float[Count];
        float[] second = new float[Count];
        double[] w = [.. weights.Select(x => (double)x)];
        double[] m = new double[Count];
        double[] v = new double[Count];
        for (int step = 0; step < Steps; step++)
        {
            float[] gradient = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.4f)];
            if (adam)
            {
                OptimizerSteps.Adam(gradient, rate, keep, keepSquare, decay, first, second, weights, level);
            }
            else
            {
                OptimizerSteps.Sgd(gradient, rate, keep, decay, first, weights, level);
            }

            for (int i = 0; i < Count; i++)
            {
                double g = gradient[i] + (decay * w[i]);
                m[i] = (keep * m[i]) + (adam ? (1 - keep) * g : rate * g);
                v[i] = (keepSquare * v[i]) + ((1 - keepSquare) * g * g);
                w[i] -= adam ? rate * m[i] / (Math.Sqrt(v[i]) + 1e-8) : m[i];
            }
        }

        return (weights, w);
    }
}
