using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Functions of vectors of floats, made of additions, multiplications, divisions and fused multiply-adds only; so a
/// lane gives the same bits in a vector of any width, on any machine. The polynomials interpolate the function at
/// Chebyshev nodes. The largest errors, in units of the last place, are those that the tests measure.
/// </summary>
internal static partial class MathKernels
{
    /// <summary>log2(e).</summary>
    private const float Log2E = 1.442695041f;

    /// <summary>The leading bits of log(2): a few integers times it are exact.</summary>
    private const float Log2High = 0.693359375f;

    /// <summary>log(2) - <see cref="Log2High"/>.</summary>
    private const float Log2Low = -0.000212194440f;

    /// <summary>1.5 * 2^23: adding it to a small number leaves its nearest integer in the lowest bits.</summary>
    private const float RoundingShift = 12582912f;

    /// <summary>e^x; 0 below -104, infinity above 88.73. Within 1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        x = S.Min(S.Broadcast(89f), S.Max(S.Broadcast(-105f), x));
        V r = Reduce<S, V>(x, out V n);
        V p = S.Add(S.Broadcast(1f), S.Fma(S.Mul(r, r), ExpTail<S, V>(r), r));
        return Scale<S, V>(p, n);
    }

    /// <summary>e^x - 1, exact near 0. Within 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V near = S.Fma(S.Mul(x, x), ExpTail<S, V>(x), x);
        V far = S.Sub(Exp<S, V>(x), S.Broadcast(1f));
        return S.Select(S.Less(Abs<S, V>(x), S.Broadcast(0.5f)), near, far);
    }

    /// <summary>1 / (1 + e^-x). Within 2.5 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        // e^-|x| can't overflow; the negative side is e^x / (1 + e^x).
        V e = Exp<S, V>(Negate<S, V>(Abs<S, V>(x)));
        V one = S.Broadcast(1f);
        return S.Div(S.Select(S.Less(x, default), e, one), S.Add(one, e));
    }

    /// <summary>x without its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Abs<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        return S.And(x, S.BroadcastBits(0x7fff_ffff));
    }

    /// <summary>x with the other sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Negate<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        return S.Xor(x, S.BroadcastBits(int.MinValue));
    }

    /// <summary>The magnitude of one with the sign of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V CopySign<S, V>(V magnitude, V sign)
        where S : struct, ISimd<V>
        where V : struct
    {
        return S.Or(Abs<S, V>(magnitude), S.And(sign, S.BroadcastBits(int.MinValue)));
    }

    /// <summary>x = n log(2) + r with |r| &lt;= log(2) / 2; n as integer bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<S, V>(V x, out V n)
        where S : struct, ISimd<V>
        where V : struct
    {
        V shift = S.Broadcast(RoundingShift);
        V shifted = S.Fma(x, S.Broadcast(Log2E), shift);
        n = S.SubBits(shifted, shift);
        V minusN = S.Sub(shift, shifted);
        return S.Fma(minusN, S.Broadcast(Log2Low), S.Fma(minusN, S.Broadcast(Log2High), x));
    }

    /// <summary>(e^x - 1 - x) / x^2 for |x| &lt;= 0.52, error below 5e-10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpTail<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V p = S.Fma(S.Broadcast(2.49323229887e-5f), x, S.Broadcast(0.000199720725283f));
        p = S.Fma(p, x, S.Broadcast(0.00138887119985f));
        p = S.Fma(p, x, S.Broadcast(0.00833315632513f));
        p = S.Fma(p, x, S.Broadcast(0.0416666672647f));
        p = S.Fma(p, x, S.Broadcast(0.166666672651f));
        return S.Fma(p, x, S.Broadcast(0.5f));
    }

    /// <summary>p 2^n for integers n from -152 to 130, in two steps, since 2^n itself may be no normal float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale<S, V>(V p, V n)
        where S : struct, ISimd<V>
        where V : struct
    {
        V half = S.ShiftRight(n, 1);
        V bias = S.BroadcastBits(127);
        V first = S.ShiftLeft(S.AddBits(half, bias), 23);
        V second = S.ShiftLeft(S.AddBits(S.SubBits(n, half), bias), 23);
        return S.Mul(S.Mul(p, first), second);
    }
}
