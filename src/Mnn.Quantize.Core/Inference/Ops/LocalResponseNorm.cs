using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// y = x * (bias + alpha * mean of x² in a window)^-beta. The window runs over channels, or (region 1) over a square of
/// positions; places outside count as 0 but are counted.
/// </summary>
internal sealed class LocalResponseNorm(Model.Schema.LRN param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.LRN>();
        return param.LocalSize > 0
            ? new LocalResponseNorm(param)
            : throw context.Invalid($"the size of the window is {param.LocalSize}, not positive");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        bool overChannels = param.RegionType == 0;
        if (input.Rank < 2 || (!overChannels && input.Rank != 4))
        {
            throw new TensorShapeException($"{input.Rank} dimensions to normalize");
        }

        Span<float> output = context.Output(0, ElementType.Float32, input.Shape, input.Format).Floats;
        ReadOnlySpan<float> source = input.Floats;

        // As planes of [rows, columns] with a window of local x 1 or local x local.
        (int rows, int columns) = overChannels
            ? (input.Shape[1], Shapes.Product(input.Shape.AsSpan(2)))
            : (input.Shape[2], input.Shape[3]);
        int reach = param.LocalSize / 2;
        int side = overChannels ? 0 : reach;
        int count = overChannels ? param.LocalSize : param.LocalSize * param.LocalSize;
        for (int i = 0; i < output.Length; i++)
        {
            int plane = i / (rows * columns) * (rows * columns);
            int row = i / columns % rows;
            int column = i % columns;
            float sum = 0;
            int lastRow = Math.Min(rows - 1, row - reach + param.LocalSize - 1);
            for (int y = Math.Max(0, row - reach); y <= lastRow; y++)
            {
                int lastColumn = overChannels ? column : Math.Min(columns - 1, column - reach + param.LocalSize - 1);
                for (int x = Math.Max(0, column - side); x <= lastColumn; x++)
                {
                    float value = source[plane + (y * columns) + x];
                    sum = MathF.FusedMultiplyAdd(value, value, sum);
                }
            }

            float filtered = MathF.FusedMultiplyAdd(sum / count, param.Alpha, param.Bias);
            output[i] = source[i] * (float)ScalarMath.Pow(filtered, -param.Beta);
        }
    }
}
