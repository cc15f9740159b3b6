using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The natural logarithm in double precision, the same bits on every machine: x = m * 2^e with m in
/// [sqrt(1/2), sqrt(2)), and ln m = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1) / (m + 1), |s| at most
/// 0.172.
/// </summary>
internal static class DoubleLog
{
    private const double Ln2High = 0.69314718036912381649;
    private const double Ln2Low = 1.9082149292705877000e-10;
    private const double SqrtTwo = 1.4142135623730951;
    private const int LastOdd = 23;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const long ExponentOfOne = 1023L << MantissaBits;

    // 2^52 + 2^51: a double whose last bits are an integer, so that adding and subtracting it converts one.
    private const double IntegerMagic = 6755399441055744.0;

    /// <summary>ln x for finite, normal x > 0, within 2 ulp.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        double exponent = (bits >> MantissaBits) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & MantissaMask) | ExponentOfOne);
        if (mantissa > SqrtTwo)
        {
            mantissa *= 0.5;
            exponent += 1;
        }

        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double sum = 1.0 / LastOdd;
        for (int odd = LastOdd - 2; odd >= 3; odd -= 2)
        {
            sum = Math.FusedMultiplyAdd(sum, square, 1.0 / odd);
        }

        double tail = s * square * sum;
        return (exponent * Ln2High) + ((2 * (s + tail)) + (exponent * Ln2Low));
    }

    /// <summary>y = ln x, element by element, with the bits of <see cref="Log(double)"/>.</summary>
    /// <param name="x">[n], finite, normal, positive.</param>
    /// <param name="y">[n]; may be x.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Log(ReadOnlySpan<double> x, Span<double> y)
    {
        Check.That(y.Length >= x.Length, "y is too short.");
        ReadOnlySpan<Vector<double>> source = MemoryMarshal.Cast<double, Vector<double>>(x);
        Span<Vector<double>> destination = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = Log(source[i]);
        }

        for (int i = source.Length * Vector<double>.Count; i < x.Length; i++)
        {
            y[i] = Log(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Log(Vector<double> x)
    {
        Vector<long> bits = Vector.AsVectorInt64(x);
        var magic = new Vector<double>(IntegerMagic);
        Vector<long> biased = Vector.ShiftRightLogical(bits, MantissaBits) - new Vector<long>(1023);
        Vector<double> exponent = Vector.AsVectorDouble(biased + Vector.AsVectorInt64(magic)) - magic;
        Vector<double> mantissa = Vector.AsVectorDouble(
            (bits & new Vector<long>(MantissaMask)) | new Vector<long>(ExponentOfOne));
        Vector<long> large = Vector.GreaterThan(mantissa, new Vector<double>(SqrtTwo));
        mantissa = Vector.ConditionalSelect(large, mantissa * 0.5, mantissa);
        exponent = Vector.ConditionalSelect(large, exponent + Vector<double>.One, exponent);

        Vector<double> s = (mantissa - Vector<double>.One) / (mantissa + Vector<double>.One);
        Vector<double> square = s * s;
        var sum = new Vector<double>(1.0 / LastOdd);
        for (int odd = LastOdd - 2; odd >= 3; odd -= 2)
        {
            sum = Vector.FusedMultiplyAdd(sum, square, new Vector<double>(1.0 / odd));
        }

        Vector<double> tail = s * square * sum;
        return (exponent * Ln2High) + ((2 * (s + tail)) + (exponent * Ln2Low));
    }
}
