using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Poolings of stems.</summary>
internal static class PoolingCases
{
    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All =>
        from size in new[] { (Size: 112, Channels: 32), (Size: 56, Channels: 64) }
        from kind in new[] { PoolingKind.Max, PoolingKind.AverageOfInside }
        from kernel in new[] { 3, 2 }
        select Pooling(kind, Sizes.Same(size.Size, size.Channels, size.Channels, kernel, 2, 1));

    private static KernelCase Pooling(PoolingKind kind, ConvolutionShape shape)
    {
        string name = kind == PoolingKind.Max ? "max" : "average";
        return new KernelCase($"{name} pooling {Sizes.Text(shape)}", Prepare) { Bytes = Sizes.Bytes(shape) };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats((int)shape.InputLength), y = Aligned.Of<float>((int)shape.OutputLength);
            return () => Pooling2D.Run(kind, shape, 1, 1, x.Span, y.Span);
        }
    }
}
