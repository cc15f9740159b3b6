using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static partial class MathKernels
{
    /// <summary>The hyperbolic tangent. Within 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V square = S.Mul(x, x);
        V p = S.Fma(S.Broadcast(0.00221490271664f), square, S.Broadcast(-0.00827245670243f));
        p = S.Fma(p, square, S.Broadcast(0.0217461870763f));
        p = S.Fma(p, square, S.Broadcast(-0.0539563493944f));
        p = S.Fma(p, square, S.Broadcast(0.133332907458f));
        p = S.Fma(p, square, S.Broadcast(-0.33333333084f));
        V near = S.Fma(S.Mul(square, x), p, x);

        // 1 - 2 / (e^2|x| + 1), which is 1 in floats from 9.02 on.
        V size = Abs<S, V>(x);
        V one = S.Broadcast(1f);
        V e = Exp<S, V>(S.Add(size, size));
        V far = CopySign<S, V>(S.Sub(one, S.Div(S.Broadcast(2f), S.Add(e, one))), x);
        return S.Select(S.Less(size, S.Broadcast(0.65f)), near, far);
    }

    /// <summary>The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x. Within 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V square = S.Mul(x, x);
        V p = S.Fma(S.Broadcast(8.20416967616e-5f), square, S.Broadcast(-0.000810291556098f));
        p = S.Fma(p, square, S.Broadcast(0.00519748722663f));
        p = S.Fma(p, square, S.Broadcast(-0.0268579590627f));
        p = S.Fma(p, square, S.Broadcast(0.112836694686f));
        p = S.Fma(p, square, S.Broadcast(-0.376126320471f));
        p = S.Fma(p, square, S.Broadcast(0.128379166465f));
        V near = S.Fma(p, x, x);

        // 1 - e^q(|x|), where q is the logarithm of the complement; 1 in floats from 3.92 on.
        V size = Abs<S, V>(x);
        V t = S.Min(S.Broadcast(3.95f), size);
        V q = S.Fma(S.Broadcast(1.65890209966e-6f), t, S.Broadcast(-4.64552362099e-5f));
        q = S.Fma(q, t, S.Broadcast(0.000599859686009f));
        q = S.Fma(q, t, S.Broadcast(-0.00477243459293f));
        q = S.Fma(q, t, S.Broadcast(0.0264531580255f));
        q = S.Fma(q, t, S.Broadcast(-0.110128096028f));
        q = S.Fma(q, t, S.Broadcast(-0.631784465909f));
        q = S.Fma(q, t, S.Broadcast(-1.13025193529f));
        q = S.Fma(q, t, S.Broadcast(0.000323185627158f));
        V far = CopySign<S, V>(S.Sub(S.Broadcast(1f), Exp<S, V>(q)), x);
        far = S.Select(S.Equal(x, x), far, x);
        return S.Select(S.Less(size, S.Broadcast(0.95f)), near, far);
    }
}
