using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>Convolutions of MobileNetV2 at 224 x 224 and a 3x3 one of ResNet.</summary>
internal static class ConvolutionBench
{
    /// <summary>Prints a line a shape: first the full convolutions, then the depthwise ones.</summary>
    public static void Run(double peak)
    {
        Full(peak, 224, 3, 32, 3, 2);
        Full(peak, 56, 64, 64, 3, 1);
        Full(peak, 14, 256, 256, 3, 1);
        Full(peak, 224, 3, 64, 7, 2);
        Full(peak, 28, 32, 32, 5, 1);
        Transposed(peak, 28, 64, 32);
        Depthwise(peak, 112, 32, 3, 1);
        Depthwise(peak, 112, 96, 3, 2);
        Depthwise(peak, 56, 144, 3, 1);
        Depthwise(peak, 56, 144, 3, 2);
        Depthwise(peak, 28, 192, 3, 1);
        Depthwise(peak, 14, 384, 3, 1);
        Depthwise(peak, 14, 576, 3, 2);
        Depthwise(peak, 7, 960, 3, 1);
        Depthwise(peak, 28, 120, 5, 1);
    }

    private static void Full(double peak, int size, int channels, int outputs, int kernel, int stride)
    {
        ConvolutionShape shape = Shape(size, channels, outputs, kernel, stride, 1);
        Random random = new(1);
        float[] x = GemmBench.Fill(random, (int)shape.InputLength), y = new float[shape.OutputLength];
        float[] weights = GemmBench.Fill(random, outputs * channels * kernel * kernel);
        float[] packed = new float[Convolution2D.PackedSize(shape)], bias = new float[outputs];
        float[] scratch = new float[Convolution2D.ScratchSize(shape)];
        Convolution2D.PackWeights(shape, weights, packed);
        double seconds = Clock.Seconds(() => Convolution2D.Run(shape, x, packed, bias, y, scratch, 0, 6));
        Print("convolution", peak, shape, seconds);
    }

    private static void Transposed(double peak, int size, int channels, int outputs)
    {
        ConvolutionShape shape = Shape(size, channels, outputs, 2, 2, 1) with { OutputHeight = 2 * size, OutputWidth = 2 * size };
        float[] x = GemmBench.Fill(new Random(1), (int)shape.InputLength), y = new float[shape.OutputLength];
        float[] packed = new float[Deconvolution2D.PackedSize(shape)], bias = new float[outputs];
        float[] scratch = new float[Deconvolution2D.ScratchSize(shape)];
        double seconds = Clock.Seconds(() => Deconvolution2D.Run(shape, x, packed, bias, y, scratch, 0, 6));
        double flops = 2.0 * size * size * channels * outputs * 4;
        Console.WriteLine(
            $"transposed {size}x{size}x{channels} to {outputs}, kernel 2, stride 2: {seconds * 1e3:F3} ms, " +
            $"{flops / seconds * 1e-9:F1} GFLOP/s, {flops / seconds / peak:P0} of peak");
    }

    private static void Depthwise(double peak, int size, int channels, int kernel, int stride)
    {
        ConvolutionShape shape = Shape(size, channels, channels, kernel, stride, channels);
        Random random = new(1);
        float[] x = GemmBench.Fill(random, (int)shape.InputLength), y = new float[shape.OutputLength];
        float[] packed = GemmBench.Fill(random, channels * kernel * kernel), bias = new float[channels];
        double seconds = Clock.Seconds(() => DepthwiseConvolution2D.Run(shape, x, packed, bias, y, 0, 6));
        Print("depthwise", peak, shape, seconds);
    }

    private static ConvolutionShape Shape(int size, int channels, int outputs, int kernel, int stride, int group) => new()
    {
        Batch = 1,
        InputHeight = size,
        InputWidth = size,
        InputChannels = channels,
        OutputHeight = (size + stride - 1) / stride,
        OutputWidth = (size + stride - 1) / stride,
        OutputChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
        PadTop = (kernel - 1) / 2,
        PadLeft = (kernel - 1) / 2,
        Group = group,
    };

    private static void Print(string name, double peak, in ConvolutionShape s, double seconds)
    {
        double flops = 2.0 * s.Products;
        double bytes = 4.0 * (s.InputLength + s.OutputLength);
        Console.WriteLine(
            $"{name} {s.InputHeight}x{s.InputWidth}x{s.InputChannels} to {s.OutputChannels}, kernel {s.KernelHeight}, " +
            $"stride {s.StrideHeight}: {seconds * 1e3:F3} ms, {flops / seconds * 1e-9:F1} GFLOP/s, " +
            $"{flops / seconds / peak:P0} of peak, {bytes / seconds * 1e-9:F1} GB/s");
    }
}
