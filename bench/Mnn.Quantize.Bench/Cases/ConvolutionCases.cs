using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Convolutions of MobileNetV2 at 224 x 224, of ResNet and of others, and a transposed one.</summary>
internal static class ConvolutionCases
{
    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All =>
    [
        Full(224, 3, 32, 3, 2),
        Full(56, 64, 64, 3, 1),
        Full(14, 256, 256, 3, 1),
        Full(224, 3, 64, 7, 2),
        Full(28, 32, 32, 5, 1),
        Transposed(28, 64, 32),
    ];

    private static KernelCase Full(int size, int channels, int outputs, int kernel, int stride)
    {
        ConvolutionShape shape = Sizes.Same(size, channels, outputs, kernel, stride, 1);
        return new KernelCase($"convolution {Sizes.Text(shape)} to {outputs}", Prepare)
        {
            Operations = 2.0 * shape.Products,
            Bytes = Sizes.Bytes(shape),
        };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats((int)shape.InputLength), y = Aligned.Of<float>((int)shape.OutputLength);
            Memory<float> weights = Aligned.Floats(outputs * channels * kernel * kernel), bias = Aligned.Floats(outputs);
            Memory<float> scratch = Aligned.Of<float>(Convolution2D.ScratchSize(shape));
            float[] packed = new float[Convolution2D.PackedSize(shape)];
            Convolution2D.PackWeights(shape, weights.Span, packed);
            return () => Convolution2D.Run(shape, x.Span, packed, bias.Span, y.Span, scratch.Span, 0, 6);
        }
    }

    private static KernelCase Transposed(int size, int channels, int outputs)
    {
        ConvolutionShape shape = Sizes.Same(size, channels, outputs, 2, 2, 1) with { OutputHeight = 2 * size, OutputWidth = 2 * size };
        return new KernelCase($"transposed {Sizes.Text(shape)} to {outputs}", Prepare)
        {
            Operations = 2.0 * size * size * channels * outputs * shape.KernelSize,
            Bytes = Sizes.Bytes(shape),
        };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats((int)shape.InputLength), y = Aligned.Of<float>((int)shape.OutputLength);
            Memory<float> bias = Aligned.Floats(outputs), scratch = Aligned.Of<float>(Deconvolution2D.ScratchSize(shape));
            float[] packed = new float[Deconvolution2D.PackedSize(shape)];
            Deconvolution2D.PackWeights(shape, Aligned.Floats(channels * outputs * shape.KernelSize).Span, packed);
            return () => Deconvolution2D.Run(shape, x.Span, packed, bias.Span, y.Span, scratch.Span, 0, 6);
        }
    }
}
