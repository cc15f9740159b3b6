using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>The largest errors in units of the last place, against double precision, over all magnitudes.</summary>
[TestClass]
public sealed class MathKernelsTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Exp_is_within_1_ulp() => Check(new UnaryOperators.Exp(), Math.Exp, -103, 88.8f, 1);

    [TestMethod]
    public void Expm1_is_within_2_ulp() => Check(new UnaryOperators.Expm1(), ScalarMath.Expm1, -20, 88, 2);

    [TestMethod]
    public void Log_is_within_1_ulp() => Check(new UnaryOperators.Log(), Math.Log, 0, float.MaxValue, 1);

    [TestMethod]
    public void Log1p_is_within_2_ulp() => Check(new UnaryOperators.Log1p(), ScalarMath.Log1p, -1, float.MaxValue, 2);

    [TestMethod]
    public void Tanh_is_within_2_ulp() => Check(new UnaryOperators.Tanh(), Math.Tanh, -12, 12, 2);

    [TestMethod]
    public void Sigmoid_is_within_2_5_ulp() =>
        Check(new UnaryOperators.Sigmoid(), x => 1 / (1 + Math.Exp(-x)), -100, 100, 2.5);

    [TestMethod]
    public void Erf_is_within_2_ulp() => Check(new UnaryOperators.Erf(), ScalarMath.Erf, -5, 5, 2);

    [TestMethod]
    public void Functions_of_special_values_are_those_of_the_library()
    {
        float[] x = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, -1, 1e-42f, 1e38f, -1e38f];
        Same(new UnaryOperators.Exp(), MathF.Exp, x);
        Same(new UnaryOperators.Log(), MathF.Log, x);
        Same(new UnaryOperators.Tanh(), MathF.Tanh, x);
        Same(new UnaryOperators.Expm1(), v => v == 0 || MathF.Abs(v) < 1e-30f ? v : (float)(Math.Exp(v) - 1), x);
        Same(new UnaryOperators.Log1p(), v => v == 0 || MathF.Abs(v) < 1e-30f ? v : (float)Math.Log(1 + (double)v), x);
        Same(new UnaryOperators.Sigmoid(), v => (float)(1 / (1 + Math.Exp(-(double)v))), x[..^1]);
        Same(new UnaryOperators.Erf(), v => (float)ScalarMath.Erf(v), x);
    }

    [TestMethod]
    public void Rare_functions_round_like_the_library()
    {
        Rare(ScalarMath.Exp, Math.Exp, -120, 100);
        Rare(ScalarMath.Log, Math.Log, -1, float.MaxValue);
        Rare(x => ScalarMath.Sin((float)x), Math.Sin, -float.MaxValue, float.MaxValue);
        Rare(x => ScalarMath.Cos((float)x), Math.Cos, -float.MaxValue, float.MaxValue);
        Rare(x => ScalarMath.Tan((float)x), Math.Tan, -float.MaxValue, float.MaxValue);
        Rare(ScalarMath.Asin, Math.Asin, -1.1f, 1.1f);
        Rare(ScalarMath.Acos, Math.Acos, -1.1f, 1.1f);
        Rare(ScalarMath.Atan, Math.Atan, -float.MaxValue, float.MaxValue);
        Rare(ScalarMath.Sinh, Math.Sinh, -90, 90);
        Rare(ScalarMath.Cosh, Math.Cosh, -90, 90);
        Rare(ScalarMath.Asinh, Math.Asinh, -float.MaxValue, float.MaxValue);
        Rare(ScalarMath.Acosh, Math.Acosh, 0, float.MaxValue);
        Rare(ScalarMath.Atanh, Math.Atanh, -1.1f, 1.1f);
    }

    [TestMethod]
    public void Pow_and_atan2_round_like_the_library()
    {
        float[] values = [.. KernelTest.Specials, .. KernelTest.Mixed(200), 2, 3, -3, 0.25f, 1e-3f, 7];
        foreach (float a in values)
        {
            foreach (float b in values)
            {
                Assert.IsLessThanOrEqualTo(0.6, KernelTest.Ulps(Math.Pow(a, b), (float)ScalarMath.Pow(a, b)), $"{a}^{b}");
                double angle = Math.Atan2(a, b);
                Assert.IsLessThanOrEqualTo(0.6, KernelTest.Ulps(angle, (float)ScalarMath.Atan2(a, b)), $"atan2({a}, {b})");
            }
        }
    }

    [TestMethod]
    public void Error_functions_have_the_tabulated_values()
    {
        // Abramowitz and Stegun, tables 7.1 and 7.3.
        Assert.AreEqual(0.5204998778, ScalarMath.Erf(0.5), 1e-10);
        Assert.AreEqual(-0.8427007929, ScalarMath.Erf(-1), 1e-10);
        Assert.AreEqual(0.9953222650, ScalarMath.Erf(2), 1e-10);
        Assert.AreEqual(2.2090496998585441e-5, ScalarMath.Erfc(3), 1e-19);
        Assert.AreEqual(1.5374597944280349e-12, ScalarMath.Erfc(5), 1e-26);
        Assert.AreEqual(1.9953222650189528, ScalarMath.Erfc(-2), 1e-14);
        for (float x = -0.9999f; x < 1; x += 0.0101f)
        {
            Assert.AreEqual(x, ScalarMath.Erf(ScalarMath.Erfinv(x)), 1e-13);
        }

        Assert.IsTrue(double.IsPositiveInfinity(ScalarMath.Erfinv(1)) && double.IsNaN(ScalarMath.Erfinv(1.5)));
    }

    private static float[] Grid(float from, float to, int stride)
    {
        List<float> values = [];
        for (long bits = 0; bits < 0x7f80_0000; bits += stride)
        {
            float value = BitConverter.Int32BitsToSingle((int)bits);
            values.AddRange(new[] { value, -value }.Where(v => v >= from && v <= to));
        }

        return [.. values];
    }

    private static void Same<T>(T op, Func<float, float> expected, float[] x)
        where T : struct, IUnaryOperator
    {
        float[] y = new float[x.Length];
        Elementwise.Unary(op, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.IsLessThanOrEqualTo(1.0, KernelTest.Ulps(expected(x[i]), y[i]), $"{typeof(T).Name}({x[i]}) = {y[i]}");
        }
    }

    private void Rare(Func<double, double> function, Func<double, double> expected, float from, float to)
    {
        foreach (float x in Grid(from, to, 200_003).Concat([0, from, to, float.NaN, float.PositiveInfinity]))
        {
            double ulps = KernelTest.Ulps(expected(x), (float)function(x));
            Assert.IsLessThanOrEqualTo(0.51, ulps, $"{expected.Method.Name}({x:R}) = {function(x):R}, not {expected(x):R}");
        }
    }

    private void Check<T>(T op, Func<double, double> expected, float from, float to, double limit)
        where T : struct, IUnaryOperator
    {
        float[] x = Grid(from, to, 3_001), y = new float[x.Length];
        Elementwise.Unary(op, x, y);
        (double worst, float at) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double ulps = KernelTest.Ulps(expected(x[i]), y[i]);
            (worst, at) = ulps > worst ? (ulps, x[i]) : (worst, at);
        }

        TestContext.WriteLine($"{typeof(T).Name}: {worst:F3} ulp at {at:R}");
        Assert.IsLessThanOrEqualTo(limit, worst, $"{typeof(T).Name} at {at:R}");
    }
}
