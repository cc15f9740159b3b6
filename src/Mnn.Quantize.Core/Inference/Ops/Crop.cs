using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Cuts a box out of a tensor: dimensions from an axis on get the extents of the second input.</summary>
internal sealed class Crop(int axis, int[] offsets) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Crop>();
        return new Crop(param.Axis, param.Offset ?? []);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int[] wanted = context.Input(1).Shape;
        int from = Shapes.Axis(axis, input.Rank);
        int[] shape = [.. input.Shape];
        Span<int> inStrides = stackalloc int[input.Rank];
        Span<int> outStrides = stackalloc int[input.Rank];
        input.Strides(inStrides);
        int start = 0;
        for (int i = from; i < shape.Length; i++)
        {
            int offset = offsets.Length == 1 ? offsets[0] : i - from < offsets.Length ? offsets[i - from] : 0;
            if (wanted.Length != shape.Length || offset < 0 || offset + wanted[i] > input.Shape[i])
            {
                throw new TensorShapeException(
                    $"{Shapes.Text(wanted)} to cut from {Shapes.Text(input.Shape)} at offset {offset} of dimension {i}");
            }

            start += offset * inStrides[i];
            shape[i] = wanted[i];
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        output.Strides(outStrides);
        StridedCopy.Copy(input.Bytes, start, inStrides, output.Bytes, 0, outStrides, shape, input.Type.Size());
    }
}
