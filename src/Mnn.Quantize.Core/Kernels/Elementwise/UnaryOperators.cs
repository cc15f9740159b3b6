using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>The functions of one number that are computed in vectors.</summary>
internal static partial class UnaryOperators
{
    /// <summary>|x|.</summary>
    public readonly struct Abs : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Abs<S, V>(x);
        }
    }

    /// <summary>-x.</summary>
    public readonly struct Negate : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Negate<S, V>(x);
        }
    }

    /// <summary>x^2.</summary>
    public readonly struct Square : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Mul(x, x);
        }
    }

    /// <summary>The square root; NaN below 0.</summary>
    public readonly struct Sqrt : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Sqrt(x);
        }
    }

    /// <summary>1 / sqrt(x).</summary>
    public readonly struct Rsqrt : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Div(S.Broadcast(1f), S.Sqrt(x));
        }
    }

    /// <summary>1 / x.</summary>
    public readonly struct Reciprocal : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Div(S.Broadcast(1f), x);
        }
    }

    /// <summary>The largest integer not above x.</summary>
    public readonly struct Floor : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Floor(x);
        }
    }

    /// <summary>The smallest integer not below x.</summary>
    public readonly struct Ceiling : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Ceiling(x);
        }
    }

    /// <summary>The nearest integer, halves to even.</summary>
    public readonly struct RoundEven : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.RoundEven(x);
        }
    }

    /// <summary>The integer part.</summary>
    public readonly struct Truncate : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Truncate(x);
        }
    }

    /// <summary>e^x.</summary>
    public readonly struct Exp : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Exp<S, V>(x);
        }
    }

    /// <summary>e^x - 1.</summary>
    public readonly struct Expm1 : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Expm1<S, V>(x);
        }
    }

    /// <summary>The natural logarithm.</summary>
    public readonly struct Log : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Log<S, V>(x);
        }
    }

    /// <summary>log(1 + x).</summary>
    public readonly struct Log1p : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Log1p<S, V>(x);
        }
    }

    /// <summary>x scale + shift, rounded once.</summary>
    /// <param name="scale">A factor.</param>
    /// <param name="shift">A summand.</param>
    public readonly struct Affine(float scale, float shift) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Fma(x, S.Broadcast(scale), S.Broadcast(shift));
        }
    }

    /// <summary>The nearest integer, halves away from 0.</summary>
    public readonly struct RoundAway : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V whole = S.Truncate(x);
            V half = S.LessOrEqual(S.Broadcast(0.5f), MathKernels.Abs<S, V>(S.Sub(x, whole)));
            V away = S.Add(whole, MathKernels.CopySign<S, V>(S.Broadcast(1f), x));
            return S.Select(half, away, whole);
        }
    }

    /// <summary>-1, 0 or 1; NaN stays.</summary>
    public readonly struct Sign : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V one = MathKernels.CopySign<S, V>(S.Broadcast(1f), x);
            return S.Select(S.Or(S.Less(x, default), S.Less(default, x)), one, x);
        }
    }
}
