using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Sizes of convolutions and poolings of square pictures.</summary>
internal static class Sizes
{
    /// <summary>One whose output has a stride-th of the input's height and width, rounded up.</summary>
    public static ConvolutionShape Same(int size, int channels, int outputs, int kernel, int stride, int group) => new()
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

    /// <summary>How results call it.</summary>
    public static string Text(in ConvolutionShape s) =>
        $"{s.KernelHeight}x{s.KernelWidth}, stride {s.StrideHeight}, {s.InputHeight}x{s.InputWidth}x{s.InputChannels}";

    /// <summary>Bytes of x and y.</summary>
    public static double Bytes(in ConvolutionShape s) => (double)sizeof(float) * (s.InputLength + s.OutputLength);
}
