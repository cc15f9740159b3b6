namespace Mnn.Quantize.Kernels;

internal static partial class ScalarMath
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>pi / 2 - <see cref="HalfPi"/>.</summary>
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>The sine of a float.</summary>
    public static double Sin(float x)
    {
        double r = Reduce(x, out int quadrant);
        return Quadrant(r, quadrant);
    }

    /// <summary>The cosine of a float.</summary>
    public static double Cos(float x)
    {
        double r = Reduce(x, out int quadrant);
        return Quadrant(r, quadrant + 1);
    }

    /// <summary>The tangent of a float.</summary>
    public static double Tan(float x)
    {
        double r = Reduce(x, out int quadrant);
        return Quadrant(r, quadrant) / Quadrant(r, quadrant + 1);
    }

    /// <summary>The angle, from -pi/2 to pi/2, whose tangent is x.</summary>
    public static double Atan(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x))
        {
            return x;
        }

        double angle = size > 1 ? HalfPi - AtanUnit(1 / size) : AtanUnit(size);
        return Math.CopySign(angle, x);
    }

    /// <summary>The angle of the point (x, y), from -pi to pi.</summary>
    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        double angle;
        if (y == 0 || x == 0)
        {
            angle = y == 0 ? 0 : HalfPi;
        }
        else
        {
            bool both = double.IsInfinity(x) && double.IsInfinity(y);
            angle = both ? HalfPi / 2 : Atan(Math.Abs(y) / Math.Abs(x));
        }

        if (double.IsNegative(x) && !(y != 0 && x == 0))
        {
            angle = (2 * HalfPi) - angle;
        }

        return Math.CopySign(angle, y);
    }

    /// <summary>The angle, from -pi/2 to pi/2, whose sine is x; NaN beyond -1 and 1.</summary>
    public static double Asin(double x) => Math.Abs(x) > 1 ? double.NaN : Atan2(x, Math.Sqrt((1 - x) * (1 + x)));

    /// <summary>The angle, from 0 to pi, whose cosine is x; NaN beyond -1 and 1.</summary>
    public static double Acos(double x) => Math.Abs(x) > 1 ? double.NaN : Atan2(Math.Sqrt((1 - x) * (1 + x)), x);

    /// <summary>atan for 0 to 1: atan(c) is taken off, which leaves at most 1/3 of a unit to the series.</summary>
    private static double AtanUnit(double x)
    {
        double start = 0;
        if (x > 0.25)
        {
            start = x > 0.7 ? 0.78539816339744830962 : 0.46364760900080611621; // atan(1), atan(1/2)
            double c = x > 0.7 ? 1 : 0.5;
            x = (x - c) / (1 + (x * c));
        }

        double square = x * x, p = 1 / 25.0;
        for (int n = 23; n >= 3; n -= 2)
        {
            p = Math.FusedMultiplyAdd(-p, square, 1.0 / n);
        }

        return start + Math.FusedMultiplyAdd(-p * square, x, x);
    }

    /// <summary>sin(r + quadrant pi / 2) for |r| &lt;= pi / 4, by Taylor's series.</summary>
    private static double Quadrant(double r, int quadrant)
    {
        double square = r * r, term = 1, sum = 1;
        int first = (quadrant & 1) == 0 ? 2 : 1; // the sine's factors 2*3, 4*5, ... or the cosine's 1*2, 3*4, ...
        for (int n = first; n < 19; n += 2)
        {
            term *= -square / (n * (n + 1));
            sum += term;
        }

        double value = (quadrant & 1) == 0 ? sum * r : sum;
        return (quadrant & 2) == 0 ? value : -value;
    }

    /// <summary>x = r + n pi / 2 with |r| &lt;= pi / 4; n modulo 4.</summary>
    private static double Reduce(float x, out int quadrant)
    {
        if (!float.IsFinite(x))
        {
            quadrant = 0;
            return double.NaN;
        }

        if (MathF.Abs(x) < 1e6f)
        {
            double n = Math.Round(x * 0.63661977236758134308);
            quadrant = (int)n & 3;
            return Math.FusedMultiplyAdd(n, -HalfPiLow, Math.FusedMultiplyAdd(n, -HalfPi, x));
        }

        return ReduceLarge(x, out quadrant);
    }

    /// <summary>
    /// x = m 2^e with an integer m of 24 bits: m times the 96 bits of 2 / pi from weight 2^(2 - e) down holds x 2 / pi
    /// modulo 4 and 70 bits of its fraction; the bits above would add multiples of 4 (Payne and Hanek, 1983).
    /// </summary>
    private static double ReduceLarge(float x, out int quadrant)
    {
        int bits = BitConverter.SingleToInt32Bits(MathF.Abs(x));
        uint m = ((uint)bits & 0x007f_ffff) | 0x0080_0000;
        int e = (bits >> 23) - 150;
        UInt128 window = TwoOverPi(e - 2);              // weight of its lowest bit: 2^(-94 - e), so 2^-94 with m
        UInt128 product = unchecked(window * m) << 32;  // the top two bits: n modulo 4; 126 bits of fraction
        int n = (int)(product >> 126);
        long fraction = unchecked((long)(ulong)((product << 2) >> 64)); // signed, so from -1/2 to 1/2
        n += fraction < 0 ? 1 : 0;
        double r = fraction * 5.421010862427522e-20 * HalfPi; // 2^-64

        quadrant = (x < 0 ? -n : n) & 3;
        return x < 0 ? -r : r;
    }

    /// <summary>96 bits of 2 / pi, after its first <paramref name="skip"/> bits (zeros before it if negative).</summary>
    private static UInt128 TwoOverPi(int skip)
    {
        ReadOnlySpan<ulong> digits = [0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561];
        if (skip < 0)
        {
            return new UInt128(digits[0], digits[1]) >> (32 - skip);
        }

        (int word, int shift) = Math.DivRem(skip, 64);
        UInt128 window = new UInt128(digits[word], digits[word + 1]) << shift;
        return (window | (shift == 0 ? 0 : digits[word + 2] >> (64 - shift))) >> 32;
    }
}
