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
        int inPlane = input.Count / input.Shape[0] / input.Shape[1];
        int outPlane = output.Count / shape[0] / shape[1];
        Span<int> position = stackalloc int[spatial];
        for (int plane = 0; plane < input.Shape[0] * input.Shape[1]; plane++)
        {
            ReadOnlySpan<float> source = input.Floats.Slice(plane * inPlane, inPlane);
            position.Clear();
            for (int i = 0; i < outPlane; i++)
            {
                output.Floats[(plane * outPlane) + i] = Window(source, windows, position);
                for (int d = spatial - 1; d >= 0 && ++position[d] == windows[d].Output; d--)
                {
                    position[d] = 0;
                }
            }
        }
    }

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

    private float Window(ReadOnlySpan<float> source, ReadOnlySpan<PoolingWindow> windows, ReadOnlySpan<int> position)
    {
        bool mean = parameters.Type == PoolType.AVEPOOL;
        (float sum, int count) = Visit(source, windows, position, 0, mean);
        return mean ? (count > 0 ? sum * (1f / count) : 0) : sum;
    }

    private static (float Result, int Count) Visit(
        ReadOnlySpan<float> source, ReadOnlySpan<PoolingWindow> windows, ReadOnlySpan<int> position, int offset, bool mean)
    {
        (int first, int end) = windows[0].Seen(position[0]);
        float result = mean ? 0 : float.NegativeInfinity;
        int count = 0;
        for (int i = first; i < end; i++)
        {
            int at = (offset * windows[0].Input) + i;
            (float value, int seen) = windows.Length == 1
                ? (source[at], 1)
                : Visit(source, windows[1..], position[1..], at, mean);
            result = mean ? result + value : MathF.Max(result, value);
            count += seen;
        }

        return (result, count);
    }
}
