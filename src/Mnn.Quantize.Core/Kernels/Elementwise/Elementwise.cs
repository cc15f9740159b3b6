using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>Applies a function to each element. A result may lie in the place of an argument, from its start.</summary>
internal static unsafe partial class Elementwise
{
    private const int WidestVector = 16;

    /// <summary>y[i] = op(x[i]).</summary>
    /// <typeparam name="T">The function.</typeparam>
    /// <param name="op">The function, with its parameters.</param>
    /// <param name="x">[n].</param>
    /// <param name="y">At least [n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">y is too short.</exception>
    public static void Unary<T>(
        T op, ReadOnlySpan<float> x, Span<float> y, SimdLevel level = SimdLevel.Active)
        where T : struct, IUnaryOperator
    {
        Check.That(y.Length >= x.Length, "y is too short.");
        fixed (float* px = x, py = y)
        {
            switch (SimdLevels.Resolve(level))
            {
                case SimdLevel.Vector512:
                    UnaryLoop<T, Simd512, Vector512<float>>(op, px, py, x.Length);
                    break;
                case SimdLevel.Vector256:
                    UnaryLoop<T, Simd256, Vector256<float>>(op, px, py, x.Length);
                    break;
                case SimdLevel.Vector128:
                    UnaryLoop<T, Simd128, Vector128<float>>(op, px, py, x.Length);
                    break;
                default:
                    UnaryLoop<T, SimdScalar, float>(op, px, py, x.Length);
                    break;
            }
        }
    }

    /// <summary>y[i] = f(x[i]) for a function that is computed one at a time.</summary>
    /// <typeparam name="F">The function.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">[n].</param>
    /// <param name="y">At least [n].</param>
    /// <exception cref="ArgumentException">y is too short.</exception>
    public static void Scalar<F>(F f, ReadOnlySpan<float> x, Span<float> y)
        where F : struct, IScalarUnary
    {
        Check.That(y.Length >= x.Length, "y is too short.");
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = f.Apply(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnaryLoop<T, S, V>(T op, float* x, float* y, nint n)
        where T : struct, IUnaryOperator
        where S : struct, ISimd<V>
        where V : struct
    {
        nint i = 0;
        if (n >= S.Width)
        {
            // The last vector overlaps the one before; it is read now, before y may overwrite x.
            nint last = n - S.Width;
            V end = S.Load(x + last);
            for (; i < last; i += S.Width)
            {
                S.Store(y + i, op.Apply<S, V>(S.Load(x + i)));
            }

            S.Store(y + last, op.Apply<S, V>(end));
            return;
        }

        float* buffer = stackalloc float[WidestVector];
        CopyFew(x, buffer, n, WidestVector);
        S.Store(buffer, op.Apply<S, V>(S.Load(buffer)));
        CopyFew(buffer, y, n, n);
    }

    /// <summary>Copies n floats and fills up with ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyFew(float* source, float* target, nint n, nint filled)
    {
        for (nint i = 0; i < n; i++)
        {
            target[i] = source[i];
        }

        for (nint i = n; i < filled; i++)
        {
            target[i] = 1;
        }
    }
}
