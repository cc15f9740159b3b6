namespace Mnn.Quantize.Kernels;

/// <summary>What pooling makes of a window.</summary>
internal enum PoolingKind
{
    /// <summary>The largest value; NaN is passed over; the lowest float where the window misses x.</summary>
    Max,

    /// <summary>The sum of the values divided by the number of positions within x; 0 where the window misses x.</summary>
    AverageOfInside,

    /// <summary>The sum divided by the number of positions within x and its padding.</summary>
    AverageWithPadding,

    /// <summary>The sum divided by the size of the kernel.</summary>
    AverageOfKernel,
}
