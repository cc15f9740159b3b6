using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static unsafe partial class Elementwise
{
    /// <summary>From this length on a row is worth a call of its own.</summary>
    private const int LongRow = 64;

    /// <summary>Longest row that short ones are joined to.</summary>
    private const int JoinedRow = 256;

    /// <summary>y[i] = op(a[i], b[i]), where either side may have a single element for all i.</summary>
    /// <typeparam name="T">The function.</typeparam>
    /// <param name="op">The function.</param>
    /// <param name="a">[n] or [1].</param>
    /// <param name="b">[n] or [1].</param>
    /// <param name="y">At least [n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The lengths don't fit.</exception>
    public static void Binary<T>(
        T op, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, SimdLevel level = SimdLevel.Active)
        where T : struct, IBinaryOperator
    {
        int n = a.Length == 1 ? b.Length : a.Length;
        Check.That(b.Length == n || b.Length == 1, "a and b have different lengths.");
        Check.That(y.Length >= n, "y is too short.");
        fixed (float* pa = a, pb = b, py = y)
        {
            Line(op, pa, a.Length == 1 && n != 1 ? 0 : 1, pb, b.Length == 1 && n != 1 ? 0 : 1, py, n, SimdLevels.Resolve(level));
        }
    }

    /// <summary>y[i, j] = op(a[i, j], b[j]); a bias, a scale or a slope per channel.</summary>
    /// <typeparam name="T">The function.</typeparam>
    /// <param name="op">The function.</param>
    /// <param name="a">[rows, n].</param>
    /// <param name="b">[n].</param>
    /// <param name="y">At least [rows, n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The lengths don't fit.</exception>
    public static void BinaryRows<T>(
        T op, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, SimdLevel level = SimdLevel.Active)
        where T : struct, IBinaryOperator
    {
        Check.That(b.Length == 0 ? a.Length == 0 : a.Length % b.Length == 0, "a is no whole number of rows of b's length.");
        Check.That(y.Length >= a.Length, "y is too short.");
        if (b.Length > 0)
        {
            fixed (float* pa = a, pb = b, py = y)
            {
                Rows(op, pa, pb, py, a.Length / b.Length, b.Length, SimdLevels.Resolve(level));
            }
        }
    }

    /// <summary>y[i, j] = op(a[i, j], b[j]). Short rows are joined, with as many copies of b.</summary>
    private static void Rows<T>(T op, float* a, float* b, float* y, nint rows, int n, SimdLevel level)
        where T : struct, IBinaryOperator
    {
        int joined = (int)Math.Min(rows, n < LongRow ? JoinedRow / n : 1);
        float* repeated = stackalloc float[JoinedRow];
        for (int i = 0; i < joined * n && joined > 1; i++)
        {
            repeated[i] = i < n ? b[i] : repeated[i - n];
        }

        b = joined > 1 ? repeated : b;
        for (nint row = 0; row < rows; row += joined, a += joined * n, y += joined * n)
        {
            Line(op, a, 1, b, 1, y, Math.Min(joined, rows - row) * n, level);
        }
    }

    /// <summary>y[i] = op(a[i], b[i]) with steps of 0 or 1 through a and b.</summary>
    private static void Line<T>(T op, float* a, nint aStep, float* b, nint bStep, float* y, nint n, SimdLevel level)
        where T : struct, IBinaryOperator
    {
        switch (level)
        {
            case SimdLevel.Vector512:
                BinaryLoop<T, Simd512, Vector512<float>>(op, a, aStep, b, bStep, y, n);
                break;
            case SimdLevel.Vector256:
                BinaryLoop<T, Simd256, Vector256<float>>(op, a, aStep, b, bStep, y, n);
                break;
            case SimdLevel.Vector128:
                BinaryLoop<T, Simd128, Vector128<float>>(op, a, aStep, b, bStep, y, n);
                break;
            default:
                BinaryLoop<T, SimdScalar, float>(op, a, aStep, b, bStep, y, n);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BinaryLoop<T, S, V>(T op, float* a, nint aStep, float* b, nint bStep, float* y, nint n)
        where T : struct, IBinaryOperator
        where S : struct, ISimd<V>
        where V : struct
    {
        if (n < S.Width)
        {
            Few<T, S, V>(op, a, aStep, b, bStep, y, n);
            return;
        }

        // The last vector overlaps the one before; it is read now, before y may overwrite an argument.
        nint last = n - S.Width;
        V allA = S.Broadcast(*a), allB = S.Broadcast(*b);
        V endA = aStep == 0 ? allA : S.Load(a + last), endB = bStep == 0 ? allB : S.Load(b + last);
        nint i = 0;
        if (aStep == 0)
        {
            for (; i < last; i += S.Width)
            {
                S.Store(y + i, op.Apply<S, V>(allA, S.Load(b + i)));
            }
        }
        else if (bStep == 0)
        {
            for (; i < last; i += S.Width)
            {
                S.Store(y + i, op.Apply<S, V>(S.Load(a + i), allB));
            }
        }
        else
        {
            for (; i < last; i += S.Width)
            {
                S.Store(y + i, op.Apply<S, V>(S.Load(a + i), S.Load(b + i)));
            }
        }

        S.Store(y + last, op.Apply<S, V>(endA, endB));
    }

    private static void Few<T, S, V>(T op, float* a, nint aStep, float* b, nint bStep, float* y, nint n)
        where T : struct, IBinaryOperator
        where S : struct, ISimd<V>
        where V : struct
    {
        float* left = stackalloc float[WidestVector];
        float* right = stackalloc float[WidestVector];
        for (nint i = 0; i < WidestVector; i++)
        {
            left[i] = i < n ? a[i * aStep] : 1;
            right[i] = i < n ? b[i * bStep] : 1;
        }

        S.Store(left, op.Apply<S, V>(S.Load(left), S.Load(right)));
        CopyFew(left, y, n, n);
    }
}
