using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Turns a tensor around along one axis, which is the second input.</summary>
internal sealed class Reverse : Operator
{
    public override bool MovesElements => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int axis = IntValues.AxisOf(context, 1, 0, input.Rank);
        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        (int outer, int length, int inner) = Shapes.Around(input.Shape, axis);
        int block = length * inner;
        StridedCopy.Copy(
            input.Bytes, Math.Max(0, block - inner), [block, -inner, 1], output.Bytes, 0, [block, inner, 1],
            [outer, length, inner], input.Type.Size());
    }
}

/// <summary>Turns the first elements of each sequence of a batch around; the second input says how many.</summary>
internal sealed class ReverseSequence(int batchAxis, int sequenceAxis) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<ReverseSequenceParam>();
        return new ReverseSequence(param.BatchDim, param.SeqDim);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> lengths = context.Input(1).Ints;
        int batch = Shapes.Axis(batchAxis, input.Rank);
        int sequence = Shapes.Axis(sequenceAxis, input.Rank);
        if (batch == sequence || lengths.Length != input.Shape[batch])
        {
            throw new TensorShapeException(
                $"{lengths.Length} lengths for {Shapes.Text(input.Shape)} with batch axis {batch} and sequence axis {sequence}");
        }

        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        input.Bytes.CopyTo(output.Bytes);
        Span<int> strides = stackalloc int[input.Rank];
        Span<int> walk = stackalloc int[input.Rank];
        Shapes.RowMajorStrides(input.Shape, strides);
        strides.CopyTo(walk);
        walk[sequence] = -strides[sequence];
        int[] extents = [.. input.Shape];
        extents[batch] = 1;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 0 || lengths[i] > input.Shape[sequence])
            {
                throw new TensorShapeException($"a length of {lengths[i]} in sequences of {input.Shape[sequence]}");
            }

            extents[sequence] = lengths[i];
            int start = i * strides[batch];
            int last = start + (Math.Max(0, lengths[i] - 1) * strides[sequence]);
            StridedCopy.Copy(input.Bytes, last, walk, output.Bytes, start, strides, extents, input.Type.Size());
        }
    }
}
