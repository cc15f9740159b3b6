using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Greatest or mean value of each window of a picture.</summary>
internal sealed class Pooling(Pool parameters) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => true;

    public static Operator Create(OpBuildContext context) =>
        context.OutputCount == 1
            ? new Pooling(context.Param<Pool>())
            : throw context.Invalid("a second output, the places of the greatest values, is not supported");

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        (PoolingKind kind, ConvolutionShape shape, int bottom, int right) = Sizes(ImageShape.Of(input));
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        Pooling2D.Run(kind, shape, bottom, right, input.Floats, output.Floats);
    }

    /// <summary>What is made of windows, their sizes, and the padding below and to the right.</summary>
    public (PoolingKind Kind, ConvolutionShape Shape, int PadBottom, int PadRight) Sizes(ImageShape image)
    {
        PoolingWindow rows = Window(image.Height, vertical: true);
        PoolingWindow columns = Window(image.Width, vertical: false);
        PoolingKind kind = parameters.Type == PoolType.MAXPOOL ? PoolingKind.Max
            : CountsPadding ? PoolingKind.AverageWithPadding
            : PoolingKind.AverageOfInside;

        // The runtime counts as much padding behind as before.
        return (kind, PoolingWindow.Shape(image, rows, columns), rows.Pad, columns.Pad);
    }

    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        ImageShape image = ImageShape.Of(input);
        ConvolutionShape shape = PoolingWindow.Shape(
            image, WindowInt8(image.Height, vertical: true), WindowInt8(image.Width, vertical: false));
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Int8);
        if (parameters.Type == PoolType.MAXPOOL)
        {
            PoolInt8.Max(shape, input.Int8s, output.Int8s);
        }
        else
        {
            PoolInt8.Average(shape, input.Int8s, output.Int8s);
        }
    }

    // In int8 the runtime cuts the kernel to the picture, and takes the declared padding unless it is SAME or
    // listed side by side (CPUPoolInt8.cpp).
    private PoolingWindow WindowInt8(int input, bool vertical)
    {
        PoolingWindow window = Window(input, vertical);
        if (parameters.IsGlobal)
        {
            return window;
        }

        int kernel = Math.Min(vertical ? parameters.KernelY : parameters.KernelX, input);
        int pad = (parameters.PadType, parameters.Pads) switch
        {
            (PoolPadType.SAME, _) => Math.Max(0, ((window.Output - 1) * window.Stride) + kernel - input) / 2,
            (PoolPadType.CAFFE, [var top, var left, _, _]) => vertical ? top : left,
            _ => vertical ? parameters.PadY : parameters.PadX,
        };
        return window with { Kernel = kernel, Pad = pad };
    }

    // Pads given side by side mean explicit padding, which the runtime leaves out of the count unless told otherwise.
    private bool CountsPadding => parameters.CountType switch
    {
        AvgPoolCountType.INCLUDE_PADDING => true,
        AvgPoolCountType.EXCLUDE_PADDING => false,
        _ => parameters.PadType == PoolPadType.CAFFE && (parameters.Pads is null || parameters.IsGlobal),
    };

    private PoolingWindow Window(int input, bool vertical)
    {
        if (parameters.IsGlobal)
        {
            return PoolingWindow.Global(input);
        }

        int pad = vertical ? parameters.PadY : parameters.PadX;
        (int before, int after) = parameters.Pads switch
        {
            [var top, var left, var bottom, var right] => vertical ? (top, bottom) : (left, right),
            [var head, var tail] when vertical => (head, tail),
            null => (pad, pad),
            _ => (0, 0),
        };
        return PoolingWindow.Of(
            vertical ? parameters.KernelY : parameters.KernelX,
            vertical ? parameters.StrideY : parameters.StrideX,
            before, after, parameters.PadType, parameters.CeilModel, input);
    }
}
