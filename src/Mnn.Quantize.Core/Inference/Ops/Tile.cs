using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Repeats a tensor a number of times along each dimension.</summary>
internal sealed class Tile : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> times = context.Input(1).Ints;
        int rank = input.Rank;
        if (times.Length != rank)
        {
            throw new TensorShapeException($"{times.Length} repetitions for {rank} dimensions");
        }

        Span<int> shape = stackalloc int[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = checked(input.Shape[i] * times[i]);
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        Span<int> inStrides = stackalloc int[rank];
        Span<int> outStrides = stackalloc int[rank];
        input.Strides(inStrides);
        output.Strides(outStrides);

        // Each dimension becomes two: the repetitions, which stand still in the source, and the elements. Dimensions that
        // don't repeat need no second one, which keeps the box within the rank that copies take.
        Span<int> extents = stackalloc int[2 * rank];
        Span<int> walk = stackalloc int[2 * rank];
        Span<int> target = stackalloc int[2 * rank];
        int count = 0;
        for (int i = 0; i < rank; i++)
        {
            if (times[i] != 1)
            {
                (extents[count], walk[count], target[count]) = (times[i], 0, input.Shape[i] * outStrides[i]);
                count++;
            }

            (extents[count], walk[count], target[count]) = (input.Shape[i], inStrides[i], outStrides[i]);
            count++;
        }

        StridedCopy.Copy(
            input.Bytes, 0, walk[..count], output.Bytes, 0, target[..count], extents[..count], input.Type.Size());
    }
}
