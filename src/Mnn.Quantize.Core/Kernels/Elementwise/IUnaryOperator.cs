namespace Mnn.Quantize.Kernels;

/// <summary>A function of one number; the traversal is written once, in <see cref="Elementwise"/>.</summary>
internal interface IUnaryOperator
{
    /// <summary>The function of each lane.</summary>
    /// <typeparam name="S">The operations.</typeparam>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Arguments.</param>
    /// <returns>Results.</returns>
    V Apply<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct;
}
