using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// y = e^(x - max) / sum along an axis of x [outer, axis, inner]; the sum in the order of <see cref="Reduction"/> where
/// inner is 1, from first to last otherwise.
/// </summary>
internal static unsafe class Softmax
{
    /// <summary>Computes the softmax.</summary>
    /// <param name="x">[outer, axis, inner].</param>
    /// <param name="y">[outer, axis, inner]; may be x.</param>
    /// <param name="outer">Product of the sizes before the axis.</param>
    /// <param name="axis">Values that shall add up to 1.</param>
    /// <param name="inner">Product of the sizes after the axis.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(
        ReadOnlySpan<float> x, Span<float> y, int outer, int axis, int inner, SimdLevel level = SimdLevel.Active)
    {
        Check.That(outer >= 0 && axis >= 0 && inner >= 0, "Sizes must not be negative.");
        long length = (long)outer * axis * inner;
        Check.That(x.Length >= length && y.Length >= length, "A span is too short.");
        level = SimdLevels.Resolve(level);
        fixed (float* px = x, py = y)
        {
            switch (level)
            {
                case SimdLevel.Vector512:
                    Run<Simd512, Vector512<float>>(px, py, outer, axis, inner, level);
                    break;
                case SimdLevel.Vector256:
                    Run<Simd256, Vector256<float>>(px, py, outer, axis, inner, level);
                    break;
                case SimdLevel.Vector128:
                    Run<Simd128, Vector128<float>>(px, py, outer, axis, inner, level);
                    break;
                default:
                    Run<SimdScalar, float>(px, py, outer, axis, inner, level);
                    break;
            }
        }
    }

    private static void Run<S, V>(float* x, float* y, int outer, int axis, int inner, SimdLevel level)
        where S : struct, ISimd<V>
        where V : struct
    {
        nint step = (nint)axis * inner;
        for (int o = 0; o < outer; o++, x += step, y += step)
        {
            if (inner == 1)
            {
                Row<S, V>(x, y, axis, level);
                continue;
            }

            int i = 0;
            for (; i <= inner - S.Width; i += S.Width)
            {
                Columns<S, V>(x + i, y + i, axis, inner);
            }

            for (; i < inner; i++)
            {
                Columns<SimdScalar, float>(x + i, y + i, axis, inner);
            }
        }
    }

    private static void Row<S, V>(float* x, float* y, int n, SimdLevel level)
        where S : struct, ISimd<V>
        where V : struct
    {
        Span<float> row = new(y, n);
        float max = Reduction.Row<Reductions.Max, S, V>(x, n);
        Elementwise.Unary(new ExpMinus(max), new ReadOnlySpan<float>(x, n), row, level);
        float sum = Reduction.Row<Reductions.Sum, S, V>(y, n);
        Elementwise.Binary(new BinaryOperators.Div(), row, new ReadOnlySpan<float>(in sum), row, level);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<S, V>(float* x, float* y, int axis, nint inner)
        where S : struct, ISimd<V>
        where V : struct
    {
        V max = S.Broadcast(float.NegativeInfinity), sum = default;
        for (nint i = 0; i < axis; i++)
        {
            max = S.Max(S.Load(x + (i * inner)), max);
        }

        for (nint i = 0; i < axis; i++)
        {
            V e = MathKernels.Exp<S, V>(S.Sub(S.Load(x + (i * inner)), max));
            S.Store(y + (i * inner), e);
            sum = S.Add(sum, e);
        }

        for (nint i = 0; i < axis; i++)
        {
            S.Store(y + (i * inner), S.Div(S.Load(y + (i * inner)), sum));
        }
    }

    /// <summary>e^(x - max).</summary>
    private readonly struct ExpMinus(float max) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => MathKernels.Exp<S, V>(S.Sub(x, S.Broadcast(max)));
    }
}
