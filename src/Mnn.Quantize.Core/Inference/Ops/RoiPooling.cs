using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The maximum of each cell of boxes of pictures [N, C, H, W]: Caffe's layer. Boxes are [n, 5]: picture, x1, y1, x2, y2,
/// rounded to pixels; a cell without pixels gives 0.
/// </summary>
internal sealed class RoiPooling(RoiParameters param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<RoiParameters>();
        return param is { PooledWidth: > 0, PooledHeight: > 0, OutputGrad: false }
            ? new RoiPooling(param)
            : throw context.Invalid($"the pooled size is {param.PooledWidth} x {param.PooledHeight}, or it is a gradient");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor rois = context.Input(1);
        if (input.Rank != 4 || rois.Rank == 0 || rois.Count != rois.Shape[0] * 5)
        {
            throw new TensorShapeException($"input {Shapes.Text(input.Shape)} and boxes {Shapes.Text(rois.Shape)}");
        }

        int channels = input.Shape[1];
        int plane = input.Shape[2] * input.Shape[3];
        int[] shape = [rois.Shape[0], channels, param.PooledHeight, param.PooledWidth];
        Span<float> output = context.Output(0, ElementType.Float32, shape, input.Format).Floats;
        int cells = param.PooledHeight * param.PooledWidth;
        for (int i = 0; i < output.Length; i++)
        {
            int n = i / cells / channels;
            ReadOnlySpan<float> roi = rois.Floats.Slice(n * 5, 5);
            int owner = Indices.Wrap((int)roi[0], input.Shape[0]);
            int row = i % cells / param.PooledWidth;
            int column = i % param.PooledWidth;
            (int top, int bottom) = Cell(roi[2], roi[4], row, param.PooledHeight, input.Shape[2]);
            (int left, int right) = Cell(roi[1], roi[3], column, param.PooledWidth, input.Shape[3]);
            ReadOnlySpan<float> image =
                input.Floats.Slice(((owner * channels) + (i / cells % channels)) * plane, plane);
            output[i] = Max(image, input.Shape[3], top, bottom, left, right);
        }
    }

    // First and one past the last pixel of a cell along one axis.
    private (int Start, int End) Cell(float from, float to, int index, int count, int extent)
    {
        int first = (int)MathF.Round(from * param.SpatialScale, MidpointRounding.AwayFromZero);
        int last = (int)MathF.Round(to * param.SpatialScale, MidpointRounding.AwayFromZero);
        float size = Math.Max(last - first + 1, 1) / (float)count;
        return (
            Math.Clamp(first + (int)MathF.Floor(index * size), 0, extent),
            Math.Clamp(first + (int)MathF.Ceiling((index + 1) * size), 0, extent));
    }

    private static float Max(ReadOnlySpan<float> image, int width, int top, int bottom, int left, int right)
    {
        if (bottom <= top || right <= left)
        {
            return 0;
        }

        float max = float.NegativeInfinity;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                max = MathF.Max(max, image[(y * width) + x]);
            }
        }

        return max;
    }
}
