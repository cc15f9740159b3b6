using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Greatest or mean value over all positions of a picture or volume, or over windows of a volume.</summary>
internal sealed class Pooling3D(Pool3D parameters) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<Pool3D>();
        return parameters.IsGlobal || parameters is { Kernels.Length: > 0, Strides.Length: > 0 }
            ? new Pooling3D(parameters)
            : throw context.Invalid("it is not global and has no kernels and strides");
    }

    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank < 3 || input.Format == MNN_DATA_FORMAT.NHWC)
        {
            throw new TensorShapeException($"[{string.Join(", ", input.Shape)}] where channels should come second");
        }

        int spatial = input.Rank - 2;
        Span<PoolingWindow> windows = stackalloc PoolingWindow[spatial];
        Span<int> shape = stackalloc int[input.Rank];
        input.Shape.CopyTo(shape);
        for (int i = 0; i < spatial; i++)
        {
            windows[i] = Window(i, input.Shape[i + 2]);
            shape[i + 2] = windows[i].Output;
        }

        Tensor output = context.Output(0, ElementType.Float32, shape, input.Format);
        if (spatial == 2 && parameters.Type == PoolType.AVEPOOL)
        {
            (int batch, int channels) = Layers(input);
            RowMeans.Run(
                PoolingWindow.Shape(new ImageShape(batch, input.Shape[2], input.Shape[3], channels), windows[0], windows[1]),
                input.Floats, output.Floats);
        }
        else
        {
            Generic(input, windows, output);
        }
    }

    // What lies one after another, and in how many channels: pictures, or planes of one channel.
    private static (int Batch, int Channels) Layers(Tensor tensor) =>
        tensor.IsChannelsLast ? (tensor.Shape[0], tensor.Shape[1]) : (tensor.Shape[0] * tensor.Shape[1], 1);

    private void Generic(Tensor input, ReadOnlySpan<PoolingWindow> windows, Tensor output)
    {
        (int batch, int channels) = Layers(input);
        int inPlane = input.Count / batch / channels, outPlane = output.Count / batch / channels;
        Span<int> position = stackalloc int[windows.Length];
        for (int plane = 0; plane < batch * channels; plane++)
        {
            (int n, int c) = Math.DivRem(plane, channels);
            ReadOnlySpan<float> source = input.Floats[((n * inPlane * channels) + c)..];
            position.Clear();
            for (int i = 0; i < outPlane; i++)
            {
                output.Floats[(((n * outPlane) + i) * channels) + c] = Window(source, channels, windows, position);
                for (int d = windows.Length - 1; d >= 0 && ++position[d] == windows[d].Output; d--)
                {
                    position[d] = 0;
                }
            }
        }
    }

    // First pictures, then along the depth, each step rounded (GeometryPooling3D.cpp).
    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank is < 3 or > 5 || input.Format == MNN_DATA_FORMAT.NHWC)
        {
            throw new TensorShapeException($"[{string.Join(", ", input.Shape)}] where channels should come second");
        }

        int spatial = input.Rank - 2;
        Span<int> shape = stackalloc int[input.Rank];
        input.Shape.CopyTo(shape);
        for (int i = 0; i < spatial; i++)
        {
            shape[i + 2] = Window(i, input.Shape[i + 2]).Output;
        }

        Tensor output = context.OutputInt8(0, shape, input.Format);
        PoolingWindow columns = Window(spatial - 1, input.Shape[^1]);
        PoolingWindow rows = spatial > 1 ? Window(spatial - 2, input.Shape[^2]) : PoolingWindow.Global(1);
        (int batch, int channels) = Layers(input);
        int depth = spatial > 2 ? input.Shape[2] : 1;
        ConvolutionShape pictures = PoolingWindow.Shape(
            new ImageShape(batch * depth, rows.Input, columns.Input, channels), rows, columns);
        if (spatial < 3)
        {
            PoolInt8(pictures, input.Int8s, output.Int8s);
            return;
        }

        int area = rows.Output * columns.Output;
        Tensor flat = context.Temporary(ElementType.Int8, [batch * depth, area, channels], MNN_DATA_FORMAT.NHWC);
        PoolInt8(pictures, input.Int8s, flat.Int8s);
        var along = new PoolingWindow(1, 1, 0, area, area);
        ConvolutionShape columnsOfDepth = PoolingWindow.Shape(new ImageShape(batch, depth, area, channels), Window(0, depth), along);
        PoolInt8(columnsOfDepth, flat.Int8s, output.Int8s);
        OpContext.Release(flat);
    }

    private void PoolInt8(in ConvolutionShape shape, ReadOnlySpan<sbyte> x, Span<sbyte> y)
    {
        if (parameters.Type == PoolType.MAXPOOL)
        {
            Kernels.PoolInt8.Max(shape, x, y);
        }
        else
        {
            Kernels.PoolInt8.Average(shape, x, y);
        }
    }

    /// <summary>The window along each dimension behind the channels.</summary>
    public PoolingWindow[] Windows(int[] shape) => [.. Enumerable.Range(0, shape.Length - 2).Select(i => Window(i, shape[i + 2]))];

    private PoolingWindow Window(int axis, int input)
    {
        if (parameters.IsGlobal)
        {
            return PoolingWindow.Global(input);
        }

        int pad = parameters.Pads is { } pads && axis < pads.Length ? pads[axis] : 0;
        return PoolingWindow.Of(
            parameters.Kernels![axis], parameters.Strides![axis], pad, pad, parameters.PadType, ceil: false, input);
    }

    private float Window(ReadOnlySpan<float> source, int step, ReadOnlySpan<PoolingWindow> windows, ReadOnlySpan<int> position)
    {
        bool mean = parameters.Type == PoolType.AVEPOOL;
        (float sum, int count) = Visit(source, step, windows, position, 0, mean);
        return mean ? (count > 0 ? sum * (1f / count) : 0) : sum;
    }

    private static (float Result, int Count) Visit(
        ReadOnlySpan<float> source, int step, ReadOnlySpan<PoolingWindow> windows, ReadOnlySpan<int> position, int offset, bool mean)
    {
        (int first, int end) = windows[0].Seen(position[0]);
        float result = mean ? 0 : float.NegativeInfinity;
        int count = 0;
        for (int i = first; i < end; i++)
        {
            int at = (offset * windows[0].Input) + i;
            (float value, int seen) = windows.Length == 1
                ? (source[at * step], 1)
                : Visit(source, step, windows[1..], position[1..], at, mean);
            result = mean ? result + value : MathF.Max(result, value);
            count += seen;
        }

        return (result, count);
    }
}
