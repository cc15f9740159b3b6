namespace Mnn.Quantize.Kernels;

/// <summary>The operations of the integer matrix product on a vector <typeparamref name="V"/> of 32-bit integers.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface ISimdInt8<V>
    where V : struct
{
    /// <summary>Integers in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Reads <see cref="Width"/> integers.</summary>
    static abstract V Load(int* source);

    /// <summary>Writes <see cref="Width"/> integers.</summary>
    static abstract void Store(int* destination, V value);

    /// <summary>The same two 16-bit integers in every lane.</summary>
    static abstract V Broadcast(int pair);

    /// <summary>sum + a.low * b.low + a.high * b.high of the 16-bit halves of each lane, exactly.</summary>
    static abstract V AddPairs(V sum, V a, V b);
}
