using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Depthwise convolutions of MobileNetV2 at 224 x 224 and of MobileNetV3.</summary>
internal static class DepthwiseCases
{
    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All =>
    [
        Depthwise(112, 32, 3, 1),
        Depthwise(112, 96, 3, 2),
        Depthwise(56, 144, 3, 1),
        Depthwise(56, 144, 3, 2),
        Depthwise(28, 192, 3, 1),
        Depthwise(14, 384, 3, 1),
        Depthwise(14, 576, 3, 2),
        Depthwise(7, 960, 3, 1),
        Depthwise(28, 120, 5, 1),
        Depthwise(56, 72, 5, 2),
    ];

    private static KernelCase Depthwise(int size, int channels, int kernel, int stride)
    {
        ConvolutionShape shape = Sizes.Same(size, channels, channels, kernel, stride, channels);
        return new KernelCase($"depthwise {Sizes.Text(shape)}", Prepare)
        {
            Operations = 2.0 * shape.Products,
            Bytes = Sizes.Bytes(shape),
        };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats((int)shape.InputLength), y = Aligned.Of<float>((int)shape.OutputLength);
            Memory<float> packed = Aligned.Floats(DepthwiseConvolution2D.PackedSize(shape)), bias = Aligned.Floats(channels);
            return () => DepthwiseConvolution2D.Run(shape, x.Span, packed.Span, bias.Span, y.Span, 0, 6);
        }
    }
}
