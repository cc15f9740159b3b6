using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>The functions of two numbers that are computed in vectors.</summary>
internal static class BinaryOperators
{
    /// <summary>a + b.</summary>
    public readonly struct Add : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Add(a, b);
        }
    }

    /// <summary>a - b.</summary>
    public readonly struct Sub : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Sub(a, b);
        }
    }

    /// <summary>a b.</summary>
    public readonly struct Mul : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Mul(a, b);
        }
    }

    /// <summary>a / b.</summary>
    public readonly struct Div : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Div(a, b);
        }
    }

    /// <summary>a where a &gt; b, b elsewhere.</summary>
    public readonly struct Max : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Max(a, b);
        }
    }

    /// <summary>a where a &lt; b, b elsewhere.</summary>
    public readonly struct Min : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Min(a, b);
        }
    }

    /// <summary>(a - b)^2.</summary>
    public readonly struct SquaredDifference : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            V d = S.Sub(a, b);
            return S.Mul(d, d);
        }
    }

    /// <summary>floor(a / b).</summary>
    public readonly struct FloorDivide : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Floor(S.Div(a, b));
        }
    }

    /// <summary>a, or a b below 0.</summary>
    public readonly struct Prelu : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Select(S.Less(a, default), S.Mul(a, b), a);
        }
    }

    /// <summary>1 where a &lt; b, 0 elsewhere.</summary>
    public readonly struct Less : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.And(S.Less(a, b), S.Broadcast(1f));
        }
    }

    /// <summary>1 where a &lt;= b, 0 elsewhere.</summary>
    public readonly struct LessOrEqual : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.And(S.LessOrEqual(a, b), S.Broadcast(1f));
        }
    }

    /// <summary>1 where a = b, 0 elsewhere.</summary>
    public readonly struct Equal : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.And(S.Equal(a, b), S.Broadcast(1f));
        }
    }

    /// <summary>0 where a = b, 1 elsewhere.</summary>
    public readonly struct NotEqual : IBinaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Select(S.Equal(a, b), default, S.Broadcast(1f));
        }
    }
}
