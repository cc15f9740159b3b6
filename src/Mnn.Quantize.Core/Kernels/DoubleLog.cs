namespace Mnn.Quantize.Kernels;

/// <summary>The natural logarithm in double precision, the same bits on every machine.</summary>
internal static class DoubleLog
{
    private const double Ln2High = 0.69314718036912381649;
    private const double Ln2Low = 1.9082149292705877000e-10;

    /// <summary>
    /// ln x for finite x > 0, within 2 ulp: x = m * 2^e with m in [sqrt(1/2), sqrt(2)), and
    /// ln m = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1) / (m + 1), |s| at most 0.172.
    /// </summary>
    public static double Log(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double sum = 1.0 / 23;
        for (int odd = 21; odd >= 3; odd -= 2)
        {
            sum = Math.FusedMultiplyAdd(sum, square, 1.0 / odd);
        }

        double tail = s * square * sum;
        return (exponent * Ln2High) + ((2 * (s + tail)) + (exponent * Ln2Low));
    }
}
