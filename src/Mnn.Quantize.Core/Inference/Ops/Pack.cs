using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Stacks tensors of one shape along a new axis.</summary>
internal sealed class Pack(int axis) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new Pack(context.Param<PackParam>().Axis);

    public override void Run(OpContext context)
    {
        Tensor first = context.Input(0);
        int along = Shapes.Axis(axis, first.Rank + 1);
        int[] shape = [.. first.Shape[..along], context.InputCount, .. first.Shape[along..]];
        Tensor output = context.OutputOfType(0, first, shape, first.Format);
        Span<int> outStrides = stackalloc int[shape.Length];
        Span<int> target = stackalloc int[first.Rank];
        Span<int> inStrides = stackalloc int[first.Rank];
        output.Strides(outStrides);
        outStrides[..along].CopyTo(target);
        outStrides[(along + 1)..].CopyTo(target[along..]);
        for (int i = 0; i < context.InputCount; i++)
        {
            Tensor input = context.Input(i);
            if (!input.Shape.AsSpan().SequenceEqual(first.Shape))
            {
                throw new TensorShapeException(
                    $"{Shapes.Text(first.Shape)} and {Shapes.Text(input.Shape)} to stack, which must be alike");
            }

            input.Strides(inStrides);
            StridedCopy.Copy(
                input.Bytes, 0, inStrides, output.Bytes, i * outStrides[along], target, first.Shape, input.Type.Size());
        }
    }
}
