using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Lays tensors side by side along one axis.</summary>
internal sealed class Concat(int axis) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new Concat(context.ParamOrNull<Axis>()?.AxisValue ?? 0);

    public override void Run(OpContext context)
    {
        Tensor first = context.Input(0);
        int along = axis < 0 ? axis + first.Rank : axis;
        int[] shape = [.. first.Shape];
        shape[along] = 0;
        for (int i = 0; i < context.InputCount; i++)
        {
            Tensor input = context.Input(i);
            if (AddsNothing(input, first))
            {
                continue;
            }

            if (input.Rank != first.Rank)
            {
                throw new TensorShapeException($"tensors of {first.Rank} and {input.Rank} dimensions to concatenate");
            }

            shape[along] += input.Shape[along];
            for (int d = 0; d < shape.Length; d++)
            {
                if (d != along && input.Shape[d] != first.Shape[d])
                {
                    throw new TensorShapeException(
                        $"[{string.Join(", ", first.Shape)}] and [{string.Join(", ", input.Shape)}] to concatenate along axis {along}");
                }
            }
        }

        Tensor output = context.OutputOfType(0, first, shape, first.Format);
        Span<int> outStrides = stackalloc int[shape.Length];
        Span<int> inStrides = stackalloc int[shape.Length];
        output.Strides(outStrides);
        int position = 0;
        for (int i = 0; i < context.InputCount; i++)
        {
            Tensor input = context.Input(i);
            if (AddsNothing(input, first))
            {
                continue;
            }

            input.Strides(inStrides);
            StridedCopy.Copy(
                input.Bytes, 0, inStrides, output.Bytes, position * outStrides[along], outStrides, input.Shape,
                input.Type.Size());
            position += input.Shape[along];
        }
    }

    // Converters join shapes with empty vectors whatever the rank of the rest.
    private static bool AddsNothing(Tensor input, Tensor first) => input.Count == 0 && input.Rank != first.Rank;
}
