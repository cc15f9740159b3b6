using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// y = x / sqrt(sum of x² + eps) * scale of the channel, with the sum over the channels of a position or over the whole
/// image.
/// </summary>
internal sealed class Normalize(Model.Schema.Normalize param, float[] scale) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Normalize>();
        return new Normalize(param, param.Scale ?? throw context.Invalid("it lacks its scales"));
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 4 || input.Shape[1] != scale.Length)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} with {scale.Length} scales");
        }

        int channels = input.Shape[1];
        int spatial = input.Shape[2] * input.Shape[3];
        ReadOnlySpan<float> source = input.Floats;
        Span<float> target = context.Output(0, ElementType.Float32, input.Shape, input.Format).Floats;
        bool whole = param.AcrossSpatial != 0;
        Span<float> sums = context.Scratch<float>(whole ? 1 : spatial);
        for (int n = 0; n < input.Shape[0]; n++)
        {
            int start = n * channels * spatial;
            ReadOnlySpan<float> image = source.Slice(start, channels * spatial);
            Kernels.Reduction.Run<Reductions.SumOfSquares>(
                image, sums, 1, whole ? channels * spatial : channels, whole ? 1 : spatial);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] = 1 / MathF.Sqrt(sums[i] + param.Eps);
            }

            for (int i = 0; i < image.Length; i++)
            {
                target[start + i] = image[i] * sums[whole ? 0 : i % spatial] * scale[i / spatial];
            }
        }
    }
}
