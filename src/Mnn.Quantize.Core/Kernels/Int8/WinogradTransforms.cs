using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The transforms of Winograd's convolution (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015)
/// in one dimension, for windows of 4, 6 or 8 positions from the points 0, 1, -1, 2, -2, 3, -3; sums in the order in
/// which the runtime's AVX build takes them, without fusing (x86_x64/avx/WinogradFunctions.cpp). Eight channels at a time.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Whether there is a transform for windows that yield so many outputs.</summary>
    /// <param name="window">Positions of the window: unit + kernel - 1.</param>
    /// <param name="unit">Outputs of a window.</param>
    public static bool Supports(int window, int unit) => window is 4 or 6 or 8 && unit >= 2 && unit < window;

    /// <summary>The matrix that transforms a kernel: [window, kernel].</summary>
    /// <param name="window">Positions of the window.</param>
    /// <param name="kernel">Positions of the kernel.</param>
    public static float[] KernelMatrix(int window, int kernel)
    {
        var matrix = new float[window * kernel];
        for (int p = 0; p < window - 1; p++)
        {
            float point = Point(p), divisor = 1;
            for (int other = 0; other < window - 1; other++)
            {
                divisor *= other == p ? 1 : point - Point(other);
            }

            float power = 1;
            for (int k = 0; k < kernel; k++, power *= point)
            {
                matrix[(p * kernel) + k] = power / (p == 0 ? MathF.Abs(divisor) : divisor);
            }
        }

        matrix[^1] = 1;
        return matrix;
    }

    /// <summary>Transforms one window of the input.</summary>
    /// <param name="window">Positions of the window.</param>
    /// <param name="s">The first position's eight channels.</param>
    /// <param name="sourceStep">Floats from one position to the next.</param>
    /// <param name="d">The first result's eight channels.</param>
    /// <param name="step">Floats from one result to the next.</param>
    public static void Source(int window, float* s, nint sourceStep, float* d, nint step)
    {
        Vector256<float> s0 = Vector256.Load(s), s1 = Vector256.Load(s + sourceStep);
        Vector256<float> s2 = Vector256.Load(s + (2 * sourceStep)), s3 = Vector256.Load(s + (3 * sourceStep));
        if (window == 4)
        {
            (s0 - s2).Store(d);
            (s1 + s2).Store(d + step);
            (s2 - s1).Store(d + (2 * step));
            (s3 - s1).Store(d + (3 * step));
            return;
        }

        Vector256<float> s4 = Vector256.Load(s + (4 * sourceStep)), s5 = Vector256.Load(s + (5 * sourceStep));
        if (window == 6)
        {
            Vector256<float> a = s4 + (s2 * -4f), b = s3 + (s1 * -4f), c = s2 + (s0 * -4f), e = s5 + (s3 * -4f);
            Vector256<float> even = s4 - s2, odd = (s3 - s1) * 2f;
            (a - c).Store(d);
            (a + b).Store(d + step);
            (a - b).Store(d + (2 * step));
            (even + odd).Store(d + (3 * step));
            (even - odd).Store(d + (4 * step));
            (e - b).Store(d + (5 * step));
            return;
        }

        Vector256<float> s6 = Vector256.Load(s + (6 * sourceStep)), s7 = Vector256.Load(s + (7 * sourceStep));
        Vector256<float> p = s6 + (s2 * 36f) + (s4 * -13f), q = s5 + (s1 * 36f) + (s3 * -13f);
        (s4 + (s0 * 36f) + (s2 * -13f) - p).Store(d);
        (p + q).Store(d + step);
        (p - q).Store(d + (2 * step));
        (s7 + (s3 * 36f) + (s5 * -13f) - q).Store(d + (7 * step));
        p = s6 + (s2 * 9f) + (s4 * -10f);
        q = s5 + (s1 * 18f) + (s5 + (s3 * -20f));
        (p + q).Store(d + (3 * step));
        (p - q).Store(d + (4 * step));
        p = s6 + (s2 * 4f) + (s4 * -5f);
        q = (s5 * 3f) + (s1 * 12f) + (s3 * -15f);
        (p + q).Store(d + (5 * step));
        (p - q).Store(d + (6 * step));
    }

    /// <summary>Transforms one window of products to outputs.</summary>
    /// <param name="window">Positions of the window.</param>
    /// <param name="unit">Outputs.</param>
    /// <param name="s">The first position's eight channels.</param>
    /// <param name="sourceStep">Floats from one position to the next.</param>
    /// <param name="d">The first output's eight channels.</param>
    /// <param name="step">Floats from one output to the next.</param>
    public static void Destination(int window, int unit, float* s, nint sourceStep, float* d, nint step)
    {
        Vector256<float> last = Vector256.Load(s + ((window - 1) * sourceStep));
        int pairs = (window - 2) / 2;
        for (int k = 0; k < unit; k++)
        {
            Vector256<float> sum = k == 0 ? First(window, unit, s, sourceStep) : Pair(s, sourceStep, 1, k);
            for (int pair = 2; k > 0 && pair <= pairs; pair++)
            {
                Vector256<float> value = Pair(s, sourceStep, pair, k);
                bool twice = window == 6 && unit == 4 && k == 1;
                sum = twice ? sum + value + value : sum + (value * Power(pair, k));
            }

            (k == unit - 1 ? sum + last : sum).Store(d + (k * step));
        }
    }

    // The sum of all but the last position; larger units take pairs first.
    private static Vector256<float> First(int window, int unit, float* s, nint step)
    {
        bool paired = (window == 6 && unit == 4) || (window == 8 && unit >= 4);
        Vector256<float> sum = Vector256.Load(s);
        for (int i = 1; i < window - 1; i += 2)
        {
            Vector256<float> a = Vector256.Load(s + (i * step)), b = Vector256.Load(s + ((i + 1) * step));
            sum = paired ? sum + (a + b) : sum + a + b;
        }

        return sum;
    }

    // Of a point and its negative: what even powers share, or odd ones.
    private static Vector256<float> Pair(float* s, nint step, int pair, int power)
    {
        Vector256<float> a = Vector256.Load(s + (((2 * pair) - 1) * step)), b = Vector256.Load(s + (2 * pair * step));
        return power % 2 == 0 ? a + b : a - b;
    }

    private static float Power(int value, int exponent)
    {
        float power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= value;
        }

        return power;
    }

    private static float Point(int index) => index % 2 == 0 ? -(index / 2) : (index + 1) / 2;
}
