namespace Mnn.Quantize.Kernels;

/// <summary>
/// Functions that models use rarely, in double precision from additions, multiplications, divisions, square roots
/// and fused multiply-adds, which every machine rounds alike; rounded to float they are within 0.51 ulp.
/// </summary>
internal static partial class ScalarMath
{
    private const double Log2 = 0.69314718055994530942;

    /// <summary>e^x.</summary>
    public static double Exp(double x)
    {
        if (!(x > -745.2))
        {
            return double.IsNaN(x) ? x : 0;
        }

        if (x > 709.8)
        {
            return double.PositiveInfinity;
        }

        double n = Math.Round(x * 1.4426950408889634074);
        double r = Math.FusedMultiplyAdd(n, -1.90821492927058770002e-10, Math.FusedMultiplyAdd(n, -0.69314718036912381649, x));
        int whole = (int)n, half = whole >> 1;
        return (1 + Expm1Series(r)) * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    /// <summary>e^x - 1.</summary>
    public static double Expm1(double x) => Math.Abs(x) < 0.35 ? Expm1Series(x) : Exp(x) - 1;

    /// <summary>The natural logarithm.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        }

        const double LeastNormal = 2.2250738585072014e-308;
        const double TwoTo54 = 18014398509481984.0;
        return x < LeastNormal ? DoubleLog.Log(x * TwoTo54) - (54 * Log2) : DoubleLog.Log(x);
    }

    /// <summary>log(1 + x) for the x of a float.</summary>
    public static double Log1p(double x) => Math.Abs(x) < 0.3 ? 2 * AtanhSeries(x / (2 + x)) : Log(1 + x);

    /// <summary>The hyperbolic sine.</summary>
    public static double Sinh(double x) => Math.Abs(x) < 0.35
        ? (Expm1Series(x) - Expm1Series(-x)) / 2
        : (Exp(x) - Exp(-x)) / 2;

    /// <summary>The hyperbolic cosine.</summary>
    public static double Cosh(double x) => (Exp(x) + Exp(-x)) / 2;

    /// <summary>The inverse of the hyperbolic sine.</summary>
    public static double Asinh(double x)
    {
        double size = Math.Abs(x);
        return double.IsInfinity(x) ? x : Math.CopySign(Log1p(size + (size * size / (1 + Math.Sqrt((size * size) + 1)))), x);
    }

    /// <summary>The inverse of the hyperbolic cosine; NaN below 1.</summary>
    public static double Acosh(double x) => x < 1 ? double.NaN : Log1p(x - 1 + Math.Sqrt((x - 1) * (x + 1)));

    /// <summary>The inverse of the hyperbolic tangent; NaN beyond -1 and 1.</summary>
    public static double Atanh(double x)
    {
        double size = Math.Abs(x);
        double half = size < 0.15 ? AtanhSeries(size) : Log((1 + size) / (1 - size)) / 2;
        return size > 1 ? double.NaN : size == 1 ? x * double.PositiveInfinity : Math.CopySign(half, x);
    }

    /// <summary>x^y with the special values of C's pow.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        bool whole = Math.Truncate(y) == y;
        bool odd = whole && Math.Abs(y) < 9007199254740992.0 && ((long)y & 1) != 0;
        double size = Math.Abs(x);
        bool negative = double.IsNegative(x) && odd;
        if (x < 0 && !whole && double.IsFinite(x))
        {
            return double.NaN;
        }

        double power = size == 1 ? 1 : Exp(y * Log(size));
        return negative ? -power : power;
    }

    private static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);

    /// <summary>The Taylor series of e^x - 1 for |x| &lt; 0.36.</summary>
    private static double Expm1Series(double x)
    {
        double p = 1 / 87178291200.0;
        p = Math.FusedMultiplyAdd(p, x, 1 / 6227020800.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 479001600.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 39916800.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 3628800.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 362880.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 40320.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 5040.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 720.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 120.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 24.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 6.0);
        p = Math.FusedMultiplyAdd(p, x, 1 / 2.0);
        return Math.FusedMultiplyAdd(x * x, p, x);
    }

    /// <summary>x + x^3 / 3 + x^5 / 5 + ... for |x| &lt; 0.18.</summary>
    private static double AtanhSeries(double x)
    {
        double square = x * x, p = 1 / 23.0;
        for (int n = 21; n >= 3; n -= 2)
        {
            p = Math.FusedMultiplyAdd(p, square, 1.0 / n);
        }

        return Math.FusedMultiplyAdd(p * square, x, x);
    }
}
