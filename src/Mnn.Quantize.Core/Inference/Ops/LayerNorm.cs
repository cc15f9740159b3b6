using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta over the last dimensions, or over each of a number of groups
/// of everything behind the batch. The root-mean-square kind leaves the mean out. With two inputs the first output is
/// their sum and the second its norm.
/// </summary>
internal sealed class LayerNorm(Model.Schema.LayerNorm param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.LayerNorm>();
        return param.Gamma is null == param.Beta is null && param.Gamma?.Length == param.Beta?.Length
            ? new LayerNorm(param)
            : throw context.Invalid("gamma and beta have different lengths");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int axes = Math.Min(param.Axis?.Length ?? 0, input.Rank);
        int outer = param.Group > 1 && input.Rank > 0
            ? input.Shape[0] * param.Group
            : Shapes.Product(input.Shape.AsSpan(0, input.Rank - axes));
        int inner = outer == 0 ? 0 : input.Count / outer;
        if (param.Gamma is { } gamma && gamma.Length != inner)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} with {gamma.Length} factors for {inner} elements");
        }

        ReadOnlySpan<float> source = input.Floats;
        int index = 0;
        if (context.InputCount > 1 && context.OutputCount > 1)
        {
            source = Add(context, input, context.Input(1));
            index = 1;
        }

        Span<float> target = context.Output(index, ElementType.Float32, input.Shape, input.Format).Floats;
        for (int i = 0; i < outer; i++)
        {
            Normalization.Line(
                source.Slice(i * inner, inner), target.Slice(i * inner, inner), param.Gamma, param.Beta, param.Epsilon,
                param.UseRMSNorm);
        }
    }

    private static ReadOnlySpan<float> Add(OpContext context, Tensor a, Tensor b)
    {
        if (a.Count != b.Count)
        {
            throw new TensorShapeException($"{Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} to add");
        }

        Span<float> sum = context.Output(0, ElementType.Float32, a.Shape, a.Format).Floats;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = a.Floats[i] + b.Floats[i];
        }

        return sum;
    }
}
