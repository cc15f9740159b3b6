using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Reduces x [outer, axis, inner] along the axis, in one order for all families. Where inner is 1, blocks of 1,024
/// values are reduced by 16 lanes, of which lane l takes the values l, l + 16, ...; the lanes are joined in halves
/// (l with l + 8, then + 4, + 2, + 1). Otherwise blocks of 128 values are reduced one after another. The results of
/// the blocks are joined in order, in double precision, and rounded once.
/// </summary>
internal static unsafe partial class Reduction
{
    private const int Lanes = 16;
    private const int RowBlock = 1024;
    private const int ColumnBlock = 128;

    /// <summary>y[o, i] = the reduction of x[o, 0, i], x[o, 1, i], ...</summary>
    /// <typeparam name="T">The reduction.</typeparam>
    /// <param name="x">[outer, axis, inner].</param>
    /// <param name="y">[outer, inner].</param>
    /// <param name="outer">Product of the sizes before the axis.</param>
    /// <param name="axis">Values to reduce.</param>
    /// <param name="inner">Product of the sizes after the axis.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run<T>(
        ReadOnlySpan<float> x, Span<float> y, int outer, int axis, int inner, SimdLevel level = SimdLevel.Active)
        where T : struct, IReduction
    {
        Check.That(outer >= 0 && axis >= 0 && inner >= 0, "Sizes must not be negative.");
        Check.That(x.Length >= (long)outer * axis * inner, "x is too short.");
        Check.That(y.Length >= (long)outer * inner, "y is too short.");
        fixed (float* px = x, py = y)
        {
            switch (SimdLevels.Resolve(level))
            {
                case SimdLevel.Vector512:
                    Run<T, Simd512, Vector512<float>>(px, py, outer, axis, inner);
                    break;
                case SimdLevel.Vector256:
                    Run<T, Simd256, Vector256<float>>(px, py, outer, axis, inner);
                    break;
                case SimdLevel.Vector128:
                    Run<T, Simd128, Vector128<float>>(px, py, outer, axis, inner);
                    break;
                default:
                    Run<T, SimdScalar, float>(px, py, outer, axis, inner);
                    break;
            }
        }
    }

    /// <summary>The reduction of one row of neighbours.</summary>
    /// <typeparam name="T">The reduction.</typeparam>
    /// <param name="x">The values.</param>
    /// <param name="level">The kernel family.</param>
    /// <returns>What a reduction with an inner size of 1 gives.</returns>
    public static float Line<T>(ReadOnlySpan<float> x, SimdLevel level = SimdLevel.Active)
        where T : struct, IReduction
    {
        float result = 0;
        Run<T>(x, new Span<float>(ref result), 1, x.Length, 1, level);
        return result;
    }

    /// <summary>The reduction of one row of values.</summary>
    internal static float Row<T, S, V>(float* x, int n)
        where T : struct, IReduction
        where S : struct, ISimd<V>
        where V : struct
    {
        double joined = T.Identity;
        for (int i = 0; i < n; i += RowBlock)
        {
            joined = T.Join(joined, Block<T, S, V>(x + i, Math.Min(RowBlock, n - i)));
        }

        return (float)T.Finish(joined, n);
    }

    private static void Run<T, S, V>(float* x, float* y, int outer, int axis, int inner)
        where T : struct, IReduction
        where S : struct, ISimd<V>
        where V : struct
    {
        for (int o = 0; o < outer; o++, x += (nint)axis * inner, y += inner)
        {
            if (inner == 1)
            {
                *y = Row<T, S, V>(x, axis);
                continue;
            }

            int i = 0;
            for (; i <= inner - S.Width; i += S.Width)
            {
                Columns<T, S, V>(x + i, y + i, axis, inner);
            }

            for (; i < inner; i++)
            {
                Columns<T, SimdScalar, float>(x + i, y + i, axis, inner);
            }
        }
    }

    /// <summary>Up to 1,024 values by 16 lanes, which are as many vectors as it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Block<T, S, V>(float* x, int n)
        where T : struct, IReduction
        where S : struct, ISimd<V>
        where V : struct
    {
        float* lanes = stackalloc float[Lanes];
        int whole = n / Lanes * Lanes;
        for (int l = 0; l < Lanes; l += S.Width)
        {
            V joined = S.Broadcast(T.Identity);
            for (int i = l; i < whole; i += Lanes)
            {
                joined = T.Join<S, V>(joined, T.Map<S, V>(S.Load(x + i)));
            }

            S.Store(lanes + l, joined);
        }

        for (int l = 0; l < n - whole; l++)
        {
            lanes[l] = T.Join<SimdScalar, float>(lanes[l], T.Map<SimdScalar, float>(x[whole + l]));
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int l = 0; l < half; l++)
            {
                lanes[l] = T.Join<SimdScalar, float>(lanes[l], lanes[l + half]);
            }
        }

        return lanes[0];
    }

    /// <summary>A vector of columns, from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<T, S, V>(float* x, float* y, int axis, nint inner)
        where T : struct, IReduction
        where S : struct, ISimd<V>
        where V : struct
    {
        double* joined = stackalloc double[Lanes];
        float* block = stackalloc float[Lanes];
        for (int l = 0; l < S.Width; l++)
        {
            joined[l] = T.Identity;
        }

        for (int first = 0; first < axis; first += ColumnBlock)
        {
            V value = S.Broadcast(T.Identity);
            for (int row = Math.Min(ColumnBlock, axis - first); row > 0; row--, x += inner)
            {
                value = T.Join<S, V>(value, T.Map<S, V>(S.Load(x)));
            }

            S.Store(block, value);
            for (int l = 0; l < S.Width; l++)
            {
                joined[l] = T.Join(joined[l], block[l]);
            }
        }

        for (int l = 0; l < S.Width; l++)
        {
            y[l] = (float)T.Finish(joined[l], axis);
        }
    }
}
