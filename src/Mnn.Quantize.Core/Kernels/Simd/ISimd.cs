namespace Mnn.Quantize.Kernels;

/// <summary>
/// The operations a kernel needs on a vector <typeparamref name="V"/> of floats. A kernel is written once over this
/// interface and compiled for each width; <see cref="SimdScalar"/> is the same with a single float. Each operation
/// is exactly rounded or exact, therefore each width gives the same bits.
/// </summary>
/// <typeparam name="V">The vector: Vector512, Vector256 or Vector128 of float, or float itself.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Reads <see cref="Width"/> floats, at any alignment.</summary>
    static abstract V Load(float* source);

    /// <summary>Writes <see cref="Width"/> floats, at any alignment.</summary>
    static abstract void Store(float* destination, V value);

    /// <summary>The same float in every lane.</summary>
    static abstract V Broadcast(float value);

    /// <summary>The same integer's bits in every lane.</summary>
    static abstract V BroadcastBits(int value);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>a - b.</summary>
    static abstract V Sub(V a, V b);

    /// <summary>a * b.</summary>
    static abstract V Mul(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V Div(V a, V b);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract V Sqrt(V a);

    /// <summary>a &gt; b ? a : b; so b where either is NaN or both are zero.</summary>
    static abstract V Max(V a, V b);

    /// <summary>a &lt; b ? a : b; so b where either is NaN or both are zero.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The largest integer not above a.</summary>
    static abstract V Floor(V a);

    /// <summary>The smallest integer not below a.</summary>
    static abstract V Ceiling(V a);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract V RoundEven(V a);

    /// <summary>The integer part.</summary>
    static abstract V Truncate(V a);

    /// <summary>All bits of a lane set where a &lt; b.</summary>
    static abstract V Less(V a, V b);

    /// <summary>All bits of a lane set where a &lt;= b.</summary>
    static abstract V LessOrEqual(V a, V b);

    /// <summary>All bits of a lane set where a == b.</summary>
    static abstract V Equal(V a, V b);

    /// <summary>Lanes of <paramref name="yes"/> where the mask's bits are set, of <paramref name="no"/> elsewhere.</summary>
    static abstract V Select(V mask, V yes, V no);

    /// <summary>Bitwise and.</summary>
    static abstract V And(V a, V b);

    /// <summary>Bitwise or.</summary>
    static abstract V Or(V a, V b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V Xor(V a, V b);

    /// <summary>Lanes seen as integers: a + b, wrapping.</summary>
    static abstract V AddBits(V a, V b);

    /// <summary>Lanes seen as integers: a - b, wrapping.</summary>
    static abstract V SubBits(V a, V b);

    /// <summary>Lanes seen as integers: shifted left.</summary>
    static abstract V ShiftLeft(V a, int count);

    /// <summary>Lanes seen as integers: shifted right, the sign repeated.</summary>
    static abstract V ShiftRight(V a, int count);

    /// <summary>Lanes seen as integers, converted to floats.</summary>
    static abstract V IntToFloat(V a);
}
