using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>What the tests of kernels share: the families to try, numbers to feed, ways to compare.</summary>
internal static class KernelTest
{
    /// <summary>Every family of this machine but the scalar one, which is what they are compared with.</summary>
    public static IEnumerable<SimdLevel> VectorLevels =>
        SimdLevels.Ranked.Where(level => level != SimdLevel.Scalar);

    /// <summary>Values that go wrong easily.</summary>
    public static float[] Specials { get; } =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 1.1754944e-38f, -1.1754944e-38f, 1e-20f, -1e20f,
        88.7f, 89f, -87.3f, -88f, -103f, -104f, 16777216f, 8388609f, 0.49999997f, -3.1415927f, 3.1415927f, 1e6f,
    ];

    /// <summary>Numbers from -1 to 1, the same in every run.</summary>
    public static float[] Uniform(int length, int seed = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    /// <summary>All the special values, surrounded by ordinary ones of all magnitudes.</summary>
    public static float[] Mixed(int length, int seed = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.Next(4) == 0
                ? Specials[random.Next(Specials.Length)]
                : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-6, 4));
        }

        return values;
    }

    /// <summary>Fails unless both hold the same bits; one NaN is as good as another.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            if (!same && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}");
            }
        }
    }

    /// <summary>Fails unless the values agree within a part of the largest expected one.</summary>
    public static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double scale = 1e-30;
        foreach (double value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * scale))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}");
            }
        }
    }

    /// <summary>Units in the last place between a result and the exact value.</summary>
    public static double Ulps(double exact, float actual)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual))
        {
            return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        float rounded = (float)exact;
        if (float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return rounded == actual || (float.IsInfinity(rounded) && MathF.Abs(actual) == float.MaxValue)
                ? 0
                : double.PositiveInfinity;
        }

        double magnitude = MathF.Abs(rounded);
        double unit = float.IsFinite(MathF.BitIncrement((float)magnitude))
            ? MathF.BitIncrement((float)magnitude) - magnitude
            : magnitude - MathF.BitDecrement((float)magnitude);
        return Math.Abs(exact - actual) / unit;
    }
}
