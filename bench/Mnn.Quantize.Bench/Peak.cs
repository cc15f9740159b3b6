using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>What the core can do at most.</summary>
internal static class Peak
{
    private const int Steps = 20_000;

    /// <summary>Takes the results, which would otherwise not be computed.</summary>
    private static float sink;

    /// <summary>Measures it, and prints it with the kernels that are in use.</summary>
    /// <returns>Floating-point operations a second: the median of several, since neighbours on the machine disturb single ones.</returns>
    public static double Print()
    {
        double[] peaks = [.. Enumerable.Range(0, 7).Select(_ => FlopsPerSecond()).Order()];
        double peak = peaks[peaks.Length / 2];
        Console.WriteLine(
            $"kernels: {SimdLevels.Active}; peak of one core: {peak * 1e-9:F1} GFLOP/s " +
            $"(median; from {peaks[0] * 1e-9:F1} to {peaks[^1] * 1e-9:F1})");
        return peak;
    }

    /// <summary>Floating-point operations a second of fused multiply-adds that wait for nothing.</summary>
    private static double FlopsPerSecond()
    {
        double seconds256 = Clock.Seconds(() => sink += Chains256(1.0000001f));
        double best = Steps * 12 * 8 * 2 / seconds256;
        if (Vector512.IsHardwareAccelerated)
        {
            double seconds512 = Clock.Seconds(() => sink += Chains512(1.0000001f));
            best = Math.Max(best, Steps * 12 * 16 * 2 / seconds512);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains512(float value)
    {
        Vector512<float> x = Vector512.Create(value), y = Vector512.Create(1e-9f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains256(float value)
    {
        Vector256<float> x = Vector256.Create(value), y = Vector256.Create(1e-9f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
