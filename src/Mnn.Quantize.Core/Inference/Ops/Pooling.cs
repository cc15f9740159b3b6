using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Greatest or mean value of each window of a picture.</summary>
internal sealed class Pooling(Pool parameters) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) =>
        context.OutputCount == 1
            ? new Pooling(context.Param<Pool>())
            : throw context.Invalid("a second output, the places of the greatest values, is not supported");

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ImageShape image = ImageShape.Of(input);
        PoolingWindow rows = Window(image.Height, vertical: true);
        PoolingWindow columns = Window(image.Width, vertical: false);
        var shape = new ConvolutionShape
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
        PoolingKind kind = parameters.Type == PoolType.MAXPOOL ? PoolingKind.Max
            : CountsPadding ? PoolingKind.AverageWithPadding
            : PoolingKind.AverageOfInside;
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);

        // The runtime counts as much padding behind as before.
        Pooling2D.Run(kind, shape, rows.Pad, columns.Pad, input.Floats, output.Floats);
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
