using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class ReductionTests
{
    private static readonly (int Outer, int Axis, int Inner)[] Shapes =
    [
        .. Enumerable.Range(0, 41).Select(n => (2, n, 1)), .. Enumerable.Range(2, 40).Select(n => (2, 5, n)),
        (3, 2500, 1), (1, 300, 19), (2, 1024, 1), (2, 1025, 1), (1, 128, 3), (1, 129, 33),
    ];

    [TestMethod]
    public void Reductions_have_the_bits_of_the_scalar_twin_and_the_value_in_double()
    {
        Reduce<Reductions.Sum>(values => values.Sum());
        Reduce<Reductions.Mean>(values => values.Length == 0 ? double.NaN : values.Average());
        Reduce<Reductions.SumOfSquares>(values => values.Sum(v => v * v));
        Reduce<Reductions.SumOfMagnitudes>(values => values.Sum(Math.Abs));
        Reduce<Reductions.Product>(values => values.Aggregate(1.0, (a, b) => a * b));
        Reduce<Reductions.Max>(values => values.Length == 0 ? double.NegativeInfinity : values.Max());
        Reduce<Reductions.Min>(values => values.Length == 0 ? double.PositiveInfinity : values.Min());
    }

    [TestMethod]
    public void Softmax_has_the_bits_of_the_scalar_twin_and_adds_up_to_1()
    {
        foreach ((int outer, int axis, int inner) in Shapes.Where(shape => shape.Axis > 0))
        {
            float[] x = [.. KernelTest.Uniform(outer * axis * inner).Select(value => value * 90)];
            float[] expected = new float[x.Length];
            Softmax.Run(x, expected, outer, axis, inner, SimdLevel.Scalar);
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                float[] actual = [.. x];
                Softmax.Run(actual, actual, outer, axis, inner, level);
                KernelTest.SameBits(expected, actual, $"{level} {outer} {axis} {inner}");
            }

            for (int i = 0; i < outer * inner; i++)
            {
                double[] line = Line(expected, i, axis, inner), input = Line(x, i, axis, inner);
                double sum = input.Sum(value => Math.Exp(value - input.Max()));
                Assert.AreEqual(1, line.Sum(), 1e-5);
                Assert.AreEqual(Math.Exp(input[0] - input.Max()) / sum, line[0], 1e-6);
            }
        }
    }

    [TestMethod]
    public void The_extreme_is_the_first_of_equals_and_no_NaN()
    {
        int[] y = new int[2];
        ArgExtreme.Max([float.NaN, 3, 7, 7, 1, 2, 0, 9], y, 2, 4, 1);
        CollectionAssert.AreEqual(new[] { 2, 3 }, y);
        ArgExtreme.Min([float.NaN, 3, 7, 7, 1, 3, 0, 9], y, 1, 4, 2);
        CollectionAssert.AreEqual(new[] { 3, 0 }, y);
    }

    private static void Reduce<T>(Func<double[], double> expectation)
        where T : struct, IReduction
    {
        foreach ((int outer, int axis, int inner) in Shapes)
        {
            float[] x = KernelTest.Uniform(outer * axis * inner), expected = new float[outer * inner];
            Reduction.Run<T>(x, expected, outer, axis, inner, SimdLevel.Scalar);
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                float[] actual = new float[expected.Length];
                Reduction.Run<T>(x, actual, outer, axis, inner, level);
                KernelTest.SameBits(expected, actual, $"{typeof(T).Name} {level} {outer} {axis} {inner}");
            }

            for (int i = 0; i < expected.Length; i++)
            {
                double value = expectation(Line(x, i, axis, inner));
                Assert.AreEqual(value, expected[i], 1e-5 * Math.Max(1, Math.Sqrt(axis)), $"{typeof(T).Name} {axis} {inner}");
            }
        }
    }

    private static double[] Line(float[] x, int i, int axis, int inner) =>
        [.. Enumerable.Range(0, axis).Select(j => (double)x[(((i / inner * axis) + j) * inner) + (i % inner)])];
}
