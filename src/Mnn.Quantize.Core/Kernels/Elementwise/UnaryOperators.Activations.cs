using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static partial class UnaryOperators
{
    /// <summary>max(x, 0); NaN stays.</summary>
    public readonly struct Relu : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Max(default, x);
        }
    }

    /// <summary>x between two bounds; NaN stays.</summary>
    /// <param name="lo">The lower bound.</param>
    /// <param name="hi">The upper bound.</param>
    public readonly struct Clamp(float lo, float hi) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Min(S.Broadcast(hi), S.Max(S.Broadcast(lo), x));
        }
    }

    /// <summary>x, or slope times x below 0.</summary>
    /// <param name="slope">The factor below 0.</param>
    public readonly struct LeakyRelu(float slope) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Select(S.Less(x, default), S.Mul(x, S.Broadcast(slope)), x);
        }
    }

    /// <summary>The hyperbolic tangent.</summary>
    public readonly struct Tanh : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Tanh<S, V>(x);
        }
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public readonly struct Sigmoid : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Sigmoid<S, V>(x);
        }
    }

    /// <summary>The error function.</summary>
    public readonly struct Erf : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return MathKernels.Erf<S, V>(x);
        }
    }

    /// <summary>x / (1 + e^-x), also called swish.</summary>
    public readonly struct Silu : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            return S.Mul(x, MathKernels.Sigmoid<S, V>(x));
        }
    }

    /// <summary>alpha x + beta between 0 and 1.</summary>
    /// <param name="alpha">A factor.</param>
    /// <param name="beta">A summand.</param>
    public readonly struct HardSigmoid(float alpha, float beta) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V line = S.Fma(x, S.Broadcast(alpha), S.Broadcast(beta));
            return S.Min(S.Broadcast(1f), S.Max(default, line));
        }
    }

    /// <summary>x min(max(x + 3, 0), 6) / 6.</summary>
    public readonly struct HardSwish : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V gate = S.Min(S.Broadcast(6f), S.Max(default, S.Add(x, S.Broadcast(3f))));
            return S.Div(S.Mul(x, gate), S.Broadcast(6f));
        }
    }

    /// <summary>log(1 + e^x), also called BNLL.</summary>
    public readonly struct Softplus : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V tail = MathKernels.Log1p<S, V>(MathKernels.Exp<S, V>(MathKernels.Negate<S, V>(MathKernels.Abs<S, V>(x))));
            return S.Add(S.Max(default, x), tail);
        }
    }

    /// <summary>x, or alpha (e^x - 1) below 0.</summary>
    /// <param name="alpha">A factor.</param>
    public readonly struct Elu(float alpha) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V below = S.Mul(S.Broadcast(alpha), MathKernels.Expm1<S, V>(x));
            return S.Select(S.Less(x, default), below, x);
        }
    }

    /// <summary>scale x, or scale alpha (e^x - 1) below 0.</summary>
    /// <param name="scale">A factor.</param>
    /// <param name="alpha">A factor.</param>
    public readonly struct Selu(float scale, float alpha) : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V below = S.Mul(S.Broadcast(scale * alpha), MathKernels.Expm1<S, V>(x));
            return S.Select(S.Less(x, default), below, S.Mul(x, S.Broadcast(scale)));
        }
    }

    /// <summary>x (1 + erf(x / sqrt(2))) / 2 (Hendrycks and Gimpel, 2016).</summary>
    public readonly struct GeluErf : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V erf = MathKernels.Erf<S, V>(S.Mul(x, S.Broadcast(0.707106781f)));
            return S.Mul(S.Mul(x, S.Broadcast(0.5f)), S.Add(S.Broadcast(1f), erf));
        }
    }

    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, the approximation of the same paper.</summary>
    public readonly struct GeluTanh : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct
        {
            V cubic = S.Fma(S.Mul(S.Mul(x, x), S.Broadcast(0.044715f)), x, x);
            V tanh = MathKernels.Tanh<S, V>(S.Mul(cubic, S.Broadcast(0.797884561f)));
            return S.Mul(S.Mul(x, S.Broadcast(0.5f)), S.Add(S.Broadcast(1f), tanh));
        }
    }
}
