namespace Mnn.Quantize.Kernels;

internal static partial class ScalarMath
{
    private const double TwoOverRootPi = 1.1283791670955125739;

    /// <summary>The error function.</summary>
    public static double Erf(double x)
    {
        double size = Math.Abs(x);
        return size < 2 ? ErfSeries(x) : Math.CopySign(1 - ErfcFraction(size), x);
    }

    /// <summary>1 - erf(x), exact where it is small.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        return Math.Abs(x) < 2 ? 1 - ErfSeries(x) : x > 0 ? ErfcFraction(x) : 2 - ErfcFraction(-x);
    }

    /// <summary>The y with erf(y) = x; NaN beyond -1 and 1.</summary>
    public static double Erfinv(double x)
    {
        double size = Math.Abs(x);
        if (!(size < 1))
        {
            return size == 1 ? x * double.PositiveInfinity : double.NaN;
        }

        // Winitzki's estimate (2008), then Halley's steps on erfc, which keeps its digits near 1.
        double log = Log1p(-size * size), part = (2 / (Math.PI * 0.147)) + (log / 2);
        double y = Math.Sqrt(Math.Sqrt((part * part) - (log / 0.147)) - part);
        for (int i = 0; i < 3; i++)
        {
            double error = size < 0.5 ? ErfSeries(y) - size : (1 - size) - Erfc(y);
            double step = error / (TwoOverRootPi * Exp(-y * y));
            y -= step / (1 + (y * step));
        }

        return size == 0 ? x : Math.CopySign(y, x);
    }

    /// <summary>2 / sqrt(pi) e^-x^2 (x + 2 x^3 / 3 + 4 x^5 / 15 + ...) for |x| &lt; 2: no term is negative.</summary>
    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (int n = 3; n < 80; n += 2)
        {
            term *= 2 * x * x / n;
            sum += term;
        }

        return TwoOverRootPi * Exp(-x * x) * sum;
    }

    /// <summary>e^-x^2 / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))) for x >= 2.</summary>
    private static double ErfcFraction(double x)
    {
        if (x > 27)
        {
            return 0;
        }

        double tail = x;
        for (int n = 80; n >= 1; n--)
        {
            tail = x + (n * 0.5 / tail);
        }

        return Exp(-x * x) * (TwoOverRootPi / 2) / tail;
    }
}
