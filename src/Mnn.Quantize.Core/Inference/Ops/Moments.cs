using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Mean and variance of each channel of [N, C, H, W] over height and width, both [N, C, 1, 1].</summary>
internal sealed class Moments : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<MomentsParam>();
        return param is { KeepDims: true, Dim: [2, 3] }
            ? new Moments()
            : throw context.Invalid(
                $"moments over {Shapes.Text(param.Dim)}; only over 2 and 3 with dimensions kept are supported");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 4)
        {
            throw new TensorShapeException($"{input.Rank} dimensions where 4 are needed");
        }

        int[] shape = [input.Shape[0], input.Shape[1], 1, 1];
        Span<float> means = context.Output(0, ElementType.Float32, shape, MNN_DATA_FORMAT.NC4HW4).Floats;
        Span<float> variances = context.Output(1, ElementType.Float32, shape, MNN_DATA_FORMAT.NC4HW4).Floats;
        int spatial = input.Shape[2] * input.Shape[3];
        Span<float> centered = context.Scratch<float>(spatial);
        for (int i = 0; i < means.Length; i++)
        {
            ReadOnlySpan<float> plane = input.Floats.Slice(i * spatial, spatial);
            means[i] = Kernels.Reduction.Line<Reductions.Mean>(plane);
            for (int j = 0; j < spatial; j++)
            {
                centered[j] = plane[j] - means[i];
            }

            variances[i] = Kernels.Reduction.Line<Reductions.SumOfSquares>(centered) / spatial;
        }
    }
}
