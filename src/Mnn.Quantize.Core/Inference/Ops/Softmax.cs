using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>exp(x - max) / sum of exp(x - max) along one axis.</summary>
internal sealed class Softmax(int axis) : Operator
{
    public static Operator Create(OpBuildContext context) => new Softmax(context.ParamOrNull<Axis>()?.AxisValue ?? -1);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        int along = axis < 0 ? axis + input.Rank : axis;
        if ((uint)along >= (uint)input.Rank)
        {
            throw new TensorShapeException($"axis {axis} of {input.Rank} dimensions");
        }

        int extent = input.Shape[along];
        int inner = 1;
        for (int i = along + 1; i < input.Rank; i++)
        {
            inner *= input.Shape[i];
        }

        // Rows of inner elements stand side by side, so that all steps run over whole rows.
        Span<float> greatest = context.Scratch<float>(2 * inner)[..inner];
        Span<float> sums = context.Scratch<float>(2 * inner)[inner..];
        for (int start = 0; start < input.Count; start += extent * inner)
        {
            ReadOnlySpan<float> x = input.Floats.Slice(start, extent * inner);
            Span<float> y = output.Floats.Slice(start, extent * inner);
            x[..inner].CopyTo(greatest);
            for (int i = 1; i < extent; i++)
            {
                Elementwise.Binary(default(BinaryOperators.Max), greatest, x.Slice(i * inner, inner), greatest);
            }

            sums.Clear();
            for (int i = 0; i < extent; i++)
            {
                Span<float> row = y.Slice(i * inner, inner);
                Elementwise.Binary(default(BinaryOperators.Sub), x.Slice(i * inner, inner), greatest, row);
                Elementwise.Unary(default(UnaryOperators.Exp), row, row);
                Elementwise.Binary(default(BinaryOperators.Add), sums, row, sums);
            }

            for (int i = 0; i < extent; i++)
            {
                Span<float> row = y.Slice(i * inner, inner);
                Elementwise.Binary(default(BinaryOperators.Div), row, sums, row);
            }
        }
    }
}
