using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A box of a tensor: begin and size a dimension; size -1 reaches to the end.</summary>
internal sealed class SliceTf : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> begins = context.Input(1).Ints;
        ReadOnlySpan<int> sizes = context.Input(2).Ints;
        if (begins.Length != input.Rank || sizes.Length != input.Rank)
        {
            throw new TensorShapeException($"{begins.Length} begins and {sizes.Length} sizes for {input.Rank} dimensions");
        }

        Span<int> shape = stackalloc int[input.Rank];
        Span<int> inStrides = stackalloc int[input.Rank];
        Span<int> outStrides = stackalloc int[input.Rank];
        input.Strides(inStrides);
        int offset = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            int begin = begins[i] < 0 ? begins[i] + input.Shape[i] : begins[i];
            shape[i] = sizes[i] == -1 ? input.Shape[i] - begin : sizes[i];
            if (begin < 0 || shape[i] < 0 || begin + shape[i] > input.Shape[i])
            {
                throw new TensorShapeException(
                    $"a slice from {begins[i]} of size {sizes[i]} of a dimension of {input.Shape[i]}");
            }

            offset += begin * inStrides[i];
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        output.Strides(outStrides);
        StridedCopy.Copy(input.Bytes, offset, inStrides, output.Bytes, 0, outStrides, shape, input.Type.Size());
    }
}
