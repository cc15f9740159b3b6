using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static partial class MathKernels
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>The natural logarithm; -infinity at 0, NaN below. Within 1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V tiny = S.Less(x, S.Broadcast(SmallestNormal));
        V scaled = S.Select(tiny, S.Mul(x, S.Broadcast(8388608f)), x);

        // scaled = m 2^e with m from 2/3 to 4/3.
        V twoThirds = S.BroadcastBits(0x3f2a_aaab);
        V bits = S.SubBits(scaled, twoThirds);
        V e = S.IntToFloat(S.ShiftRight(bits, 23));
        e = S.Sub(e, S.And(tiny, S.Broadcast(23f)));
        V m = S.AddBits(S.And(bits, S.BroadcastBits(0x007f_ffff)), twoThirds);
        V f = S.Sub(m, S.Broadcast(1f));
        V log = S.Fma(S.Mul(f, f), LogTail<S, V>(f), f);
        log = S.Fma(e, S.Broadcast(0.693147182f), log);

        V result = S.Select(S.Less(x, S.Broadcast(float.PositiveInfinity)), log, x); // infinity and NaN stay
        result = S.Select(S.Equal(x, default), S.Broadcast(float.NegativeInfinity), result);
        return S.Select(S.Less(x, default), S.Broadcast(float.NaN), result);
    }

    /// <summary>log(1 + x), exact near 0. Within 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        // The rounding of 1 + x shifts the logarithm by (x - (u - 1)) / u.
        V one = S.Broadcast(1f);
        V near = S.Fma(S.Mul(x, x), LogTail<S, V>(x), x);
        V u = S.Add(x, one);
        V far = S.Add(Log<S, V>(u), S.Div(S.Sub(x, S.Sub(u, one)), u));
        V edge = S.Or(S.LessOrEqual(x, S.Broadcast(-1f)), S.Equal(x, S.Broadcast(float.PositiveInfinity)));
        far = S.Select(edge, Log<S, V>(u), far);
        return S.Select(S.Less(Abs<S, V>(x), S.Broadcast(0.3f)), near, far);
    }

    /// <summary>(log(1 + f) - f) / f^2 for -1/3 &lt;= f &lt;= 1/3, error below 4e-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogTail<S, V>(V f)
        where S : struct, ISimd<V>
        where V : struct
    {
        V p = S.Fma(S.Broadcast(-0.124222005754f), f, S.Broadcast(0.137483091395f));
        p = S.Fma(p, f, S.Broadcast(-0.122887216093f));
        p = S.Fma(p, f, S.Broadcast(0.140558126531f));
        p = S.Fma(p, f, S.Broadcast(-0.166733162532f));
        p = S.Fma(p, f, S.Broadcast(0.200072339849f));
        p = S.Fma(p, f, S.Broadcast(-0.249999441862f));
        p = S.Fma(p, f, S.Broadcast(0.333332726197f));
        return S.Fma(p, f, S.Broadcast(-0.5f));
    }
}
