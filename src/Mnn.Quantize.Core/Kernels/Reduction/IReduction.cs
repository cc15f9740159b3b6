namespace Mnn.Quantize.Kernels;

/// <summary>How values along an axis become one; the traversal is written once, in <see cref="Reduction"/>.</summary>
internal interface IReduction
{
    /// <summary>What leaves any other value as it is.</summary>
    static abstract float Identity { get; }

    /// <summary>What is made of each value first.</summary>
    static abstract V Map<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct;

    /// <summary>Joins two partial results.</summary>
    static abstract V Join<S, V>(V a, V b)
        where S : struct, ISimd<V>
        where V : struct;

    /// <summary>Joins the results of blocks, in double precision.</summary>
    static abstract double Join(double a, double b);

    /// <summary>Makes the result of n values from what was joined.</summary>
    static abstract double Finish(double joined, int n);
}
