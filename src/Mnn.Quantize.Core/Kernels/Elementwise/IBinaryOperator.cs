namespace Mnn.Quantize.Kernels;

/// <summary>A function of two numbers; the traversals are written once, in <see cref="Elementwise"/>.</summary>
internal interface IBinaryOperator
{
    /// <summary>The function of each pair of lanes.</summary>
    /// <typeparam name="S">The operations.</typeparam>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="a">First arguments.</param>
    /// <param name="b">Second arguments.</param>
    /// <returns>Results.</returns>
    V Apply<S, V>(V a, V b)
        where S : struct, ISimd<V>
        where V : struct;
}
