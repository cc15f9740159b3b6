using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Pools boxes of pictures [N, C, H, W] to one size, reading between pixels at regular places of each cell. Boxes are
/// [n, 5] with the picture first, or [n, 4] with the pictures as a third input; (x1, y1, x2, y2).
/// </summary>
internal sealed class RoiAlign(RoiParameters param) : Operator
{
    // Places along one axis of a cell: far more than a picture has pixels would only take time.
    private const int MostSteps = 1 << 16;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<RoiParameters>();
        return param is { PooledWidth: > 0, PooledHeight: > 0, OutputGrad: false, SamplingRatio: <= MostSteps }
            ? new RoiAlign(param)
            : throw context.Invalid(
                $"the pooled size is {param.PooledWidth} x {param.PooledHeight}, the sampling ratio {param.SamplingRatio}, or it is a gradient");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor rois = context.Input(1);
        bool hasOwners = context.HasInput(2);
        int width = rois.Rank == 0 || rois.Shape[0] == 0 ? 0 : rois.Count / rois.Shape[0];
        if (input.Rank != 4 || (rois.Count > 0 && width < (hasOwners ? 4 : 5)))
        {
            throw new TensorShapeException($"input {Shapes.Text(input.Shape)} and boxes {Shapes.Text(rois.Shape)}");
        }

        int channels = input.Shape[1];
        int cells = param.PooledHeight * param.PooledWidth;
        int[] shape = [rois.Shape[0], channels, param.PooledHeight, param.PooledWidth];
        Span<float> output = context.Output(0, ElementType.Float32, shape, input.Format).Floats;
        int pixels = input.Shape[2] * input.Shape[3];
        for (int n = 0; n < rois.Shape[0]; n++)
        {
            ReadOnlySpan<float> roi = rois.Floats.Slice(n * width, width);
            int owner = Indices.Wrap(hasOwners ? context.Input(2).Ints[n] : (int)roi[0], input.Shape[0]);
            PoolBox(
                input.Floats.Slice(owner * channels * pixels, channels * pixels), hasOwners ? roi : roi[1..],
                output.Slice(n * channels * cells, channels * cells), input.Shape, context.Cancellation);
        }
    }

    private void PoolBox(
        ReadOnlySpan<float> image, ReadOnlySpan<float> roi, Span<float> output, int[] shape, CancellationToken cancellation)
    {
        float shift = param.Aligned ? -0.5f : 0;
        float x1 = MathF.FusedMultiplyAdd(roi[0], param.SpatialScale, shift);
        float y1 = MathF.FusedMultiplyAdd(roi[1], param.SpatialScale, shift);
        float width = MathF.FusedMultiplyAdd(roi[2], param.SpatialScale, shift) - x1;
        float height = MathF.FusedMultiplyAdd(roi[3], param.SpatialScale, shift) - y1;
        (width, height) = param.Aligned ? (width, height) : (MathF.Max(width, 1), MathF.Max(height, 1));
        float binW = width / param.PooledWidth;
        float binH = height / param.PooledHeight;
        int stepsX = Math.Max(1, param.SamplingRatio > 0 ? param.SamplingRatio : (int)MathF.Ceiling(binW));
        int stepsY = Math.Max(1, param.SamplingRatio > 0 ? param.SamplingRatio : (int)MathF.Ceiling(binH));
        if (stepsX > MostSteps || stepsY > MostSteps)
        {
            throw new TensorShapeException($"a box of {width:G6} x {height:G6} pixels");
        }

        int cells = param.PooledHeight * param.PooledWidth;
        for (int i = 0; i < output.Length; i++)
        {
            int cell = i % cells;
            ReadOnlySpan<float> plane = image.Slice(i / cells * shape[2] * shape[3], shape[2] * shape[3]);
            float top = MathF.FusedMultiplyAdd(cell / param.PooledWidth, binH, y1);
            float left = MathF.FusedMultiplyAdd(cell % param.PooledWidth, binW, x1);
            output[i] = PoolCell(plane, shape[2], shape[3], new Cell(top, left, binH / stepsY, binW / stepsX, stepsY, stepsX), cancellation);
        }
    }

    private float PoolCell(ReadOnlySpan<float> plane, int height, int width, Cell cell, CancellationToken cancellation)
    {
        bool isMax = param.PoolType == PoolType.MAXPOOL;
        float result = isMax ? float.NegativeInfinity : 0;
        for (int y = 0; y < cell.StepsY; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int x = 0; x < cell.StepsX; x++)
            {
                float value = Read(
                    plane, height, width, MathF.FusedMultiplyAdd(y + 0.5f, cell.StepHeight, cell.Top),
                    MathF.FusedMultiplyAdd(x + 0.5f, cell.StepWidth, cell.Left));
                result = isMax ? MathF.Max(result, value) : result + value;
            }
        }

        return isMax ? result : result / ((long)cell.StepsY * cell.StepsX);
    }

    private static float Read(ReadOnlySpan<float> plane, int height, int width, float y, float x)
    {
        if (!(y >= -1 && y <= height && x >= -1 && x <= width))
        {
            return 0;
        }

        y = MathF.Min(MathF.Max(y, 0), height - 1);
        x = MathF.Min(MathF.Max(x, 0), width - 1);
        (int top, int left) = ((int)y, (int)x);
        (float dy, float dx) = (y - top, x - left);
        int below = Math.Min(top + 1, height - 1);
        int right = Math.Min(left + 1, width - 1);
        float sum = (1 - dy) * (1 - dx) * plane[(top * width) + left];
        sum = MathF.FusedMultiplyAdd((1 - dy) * dx, plane[(top * width) + right], sum);
        sum = MathF.FusedMultiplyAdd(dy * (1 - dx), plane[(below * width) + left], sum);
        return MathF.FusedMultiplyAdd(dy * dx, plane[(below * width) + right], sum);
    }

    private readonly record struct Cell(float Top, float Left, float StepHeight, float StepWidth, int StepsY, int StepsX);
}
