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
        ConvolutionOutput.RequireChannelsLast(input);
        ImageShape image = ImageShape.Of(input);
        PoolingWindow rows = Window(image.Height, vertical: true);
        PoolingWindow columns = Window(image.Width, vertical: false);
        ImageShape size = image with { Height = rows.Output, Width = columns.Output };
        Tensor output = context.Output(0, ElementType.Float32, size.DimensionsLike(input), input.Format);
        for (int n = 0; n < image.Batch; n++)
        {
            int inPlane = image.Height * image.Width * image.Channels;
            int outPlane = size.Height * size.Width * image.Channels;
            Plane(
                input.Floats.Slice(n * inPlane, inPlane), output.Floats.Slice(n * outPlane, outPlane), image.Channels, rows,
                columns);
        }
    }

    private void Plane(
        ReadOnlySpan<float> source, Span<float> destination, int channels, PoolingWindow rows, PoolingWindow columns)
    {
        for (int y = 0; y < rows.Output; y++)
        {
            for (int x = 0; x < columns.Output; x++)
            {
                (int top, int bottom) = rows.Seen(y);
                (int left, int right) = columns.Seen(x);
                Span<float> result = destination.Slice(((y * columns.Output) + x) * channels, channels);
                bool first = true;
                for (int i = top; i < bottom; i++)
                {
                    for (int j = left; j < right; j++)
                    {
                        ReadOnlySpan<float> pixel = source.Slice(((i * columns.Input) + j) * channels, channels);
                        Accumulate(pixel, result, first);
                        first = false;
                    }
                }

                if (first)
                {
                    result.Clear();
                }
                else if (parameters.Type == PoolType.AVEPOOL)
                {
                    int count = CountsPadding
                        ? rows.CountWithPadding(y) * columns.CountWithPadding(x)
                        : (bottom - top) * (right - left);
                    Elementwise.Unary(new UnaryOperators.Affine(1f / count, 0), result, result);
                }
            }
        }
    }

    private void Accumulate(ReadOnlySpan<float> pixel, Span<float> result, bool first)
    {
        if (first)
        {
            pixel.CopyTo(result);
        }
        else if (parameters.Type == PoolType.MAXPOOL)
        {
            Elementwise.Binary(default(BinaryOperators.Max), result, pixel, result);
        }
        else
        {
            Elementwise.Binary(default(BinaryOperators.Add), result, pixel, result);
        }
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
