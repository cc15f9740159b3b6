using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Kernel, stride and padding along one axis of a pooling.</summary>
/// <param name="Kernel">Positions of the kernel.</param>
/// <param name="Stride">Input positions from one output position to the next.</param>
/// <param name="Pad">Padding before the first input position.</param>
/// <param name="Input">Input positions.</param>
/// <param name="Output">Output positions.</param>
internal readonly record struct PoolingWindow(int Kernel, int Stride, int Pad, int Input, int Output)
{
    /// <summary>A window over everything.</summary>
    public static PoolingWindow Global(int input) => new(input, 1, 0, input, 1);

    /// <summary>The window for declared values (ShapePool.cpp, CPUPool.cpp).</summary>
    /// <param name="kernel">Positions of the kernel; cut to the padded input.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="before">Padding before.</param>
    /// <param name="after">Padding after.</param>
    /// <param name="type">Who says how big the output is.</param>
    /// <param name="ceil">Whether a last window that is not whole counts.</param>
    /// <param name="input">Input positions.</param>
    public static PoolingWindow Of(int kernel, int stride, int before, int after, PoolPadType type, bool ceil, int input)
    {
        int padded = checked(input + before + after);
        int cut = Math.Min(kernel, padded);
        if (stride <= 0 || cut <= 0)
        {
            throw new TensorShapeException($"a kernel of {kernel} with stride {stride} over {input} positions");
        }

        switch (type)
        {
            case PoolPadType.SAME:
                int same = ((padded - 1) / stride) + 1;
                return new PoolingWindow(kernel, stride, Math.Max(0, checked(((same - 1) * stride) + kernel) - input) / 2, input, same);
            case PoolPadType.VALID:
                return new PoolingWindow(kernel, stride, 0, input, ((padded - cut) / stride) + 1);
            default:
                int steps = ((padded - cut) / stride) + (ceil && (padded - cut) % stride != 0 ? 1 : 0);
                return new PoolingWindow(kernel, stride, before, input, steps + 1);
        }
    }

    /// <summary>The sizes of a pooling of pictures with a window along each axis.</summary>
    public static ConvolutionShape Shape(ImageShape image, PoolingWindow rows, PoolingWindow columns) => new()
    {
        Batch = image.Batch,
        InputHeight = image.Height,
        InputWidth = image.Width,
        InputChannels = image.Channels,
        OutputHeight = rows.Output,
        OutputWidth = columns.Output,
        OutputChannels = image.Channels,
        KernelHeight = rows.Kernel,
        KernelWidth = columns.Kernel,
        StrideHeight = rows.Stride,
        StrideWidth = columns.Stride,
        PadTop = rows.Pad,
        PadLeft = columns.Pad,
    };

    /// <summary>The input positions that an output position sees: first and end.</summary>
    public (int First, int End) Seen(int output)
    {
        int start = (output * Stride) - Pad;
        return (Math.Max(0, start), Math.Min(Input, start + Kernel));
    }
}
