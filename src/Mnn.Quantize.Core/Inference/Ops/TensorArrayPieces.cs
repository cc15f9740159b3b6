using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A tensor cut along an axis into a sequence; inputs: handle, tensor, lengths or one length, sequence.</summary>
internal sealed class TensorArraySplit(Model.Schema.TensorArray param) : Operator
{
    public static Operator Create(OpBuildContext context) => new TensorArraySplit(context.Param<Model.Schema.TensorArray>());

    public override void Run(OpContext context)
    {
        Tensor value = context.Input(1);
        TensorSequence old = TensorSequence.Of(context.Input(3));
        int axis = Shapes.Axis(param.Axis, value.Rank);
        List<int> lengths = Lengths(context.Input(2).Ints, value.Shape[axis]);
        int[][] shapes = [.. lengths.Select(length => ElementShape(value.Shape, axis, length))];
        Tensor output = SequenceOutput.Make(context, 0, value.Type, old with { ElementShapes = shapes });
        (int outer, int extent, int inner) = Shapes.Around(value.Shape, axis);
        int position = 0;
        foreach (int length in lengths)
        {
            StridedCopy.Copy(
                value.Bytes, position * inner, [extent * inner, 1], output.Bytes, position * inner * outer,
                [length * inner, 1], [outer, length * inner], value.Type.Size());
            position += length;
        }
    }

    private static List<int> Lengths(ReadOnlySpan<int> given, int extent)
    {
        var lengths = new List<int>();
        if (given.Length == 1 && given[0] > 0)
        {
            for (int rest = extent; rest > 0; rest -= given[0])
            {
                lengths.Add(Math.Min(rest, given[0]));
            }

            return lengths;
        }

        lengths.AddRange(given);
        return lengths.Sum() == extent && lengths.TrueForAll(l => l >= 0)
            ? lengths
            : throw new TensorShapeException($"the lengths {Shapes.Text(given)} of {extent} elements");
    }

    private int[] ElementShape(int[] shape, int axis, int length)
    {
        if (!param.Keepdims && length != 1)
        {
            throw new TensorShapeException($"a piece of length {length} that is to lose its axis");
        }

        return param.Keepdims
            ? [.. shape[..axis], length, .. shape[(axis + 1)..]]
            : [.. shape[..axis], .. shape[(axis + 1)..]];
    }
}

/// <summary>The tensors of a sequence laid side by side along an axis, or along a new one; inputs: handle, sequence.</summary>
internal sealed class TensorArrayConcat(Model.Schema.TensorArray param) : Operator
{
    public static Operator Create(OpBuildContext context) => new TensorArrayConcat(context.Param<Model.Schema.TensorArray>());

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(1);
        TensorSequence sequence = TensorSequence.Of(input);
        if (sequence.Length == 0)
        {
            throw new TensorShapeException("an empty sequence to concatenate");
        }

        int[] first = sequence.ElementShapes[0];
        int axis = Shapes.Axis(param.Axis, first.Length + (param.NewAxis ? 1 : 0));
        int[] extents = [.. sequence.ElementShapes.Select(shape => Extent(shape, first, axis))];
        int[] shape = param.NewAxis
            ? [.. first[..axis], sequence.Length, .. first[axis..]]
            : [.. first[..axis], extents.Sum(), .. first[(axis + 1)..]];
        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        (int outer, int length, int inner) = Shapes.Around(shape, axis);
        int position = 0;
        foreach (int extent in extents)
        {
            StridedCopy.Copy(
                input.Bytes, position * inner * outer, [extent * inner, 1], output.Bytes, position * inner,
                [length * inner, 1], [outer, extent * inner], input.Type.Size());
            position += extent;
        }
    }

    // How far an element reaches along the axis, if it fits the first one.
    private int Extent(int[] shape, int[] first, int axis)
    {
        bool fits = param.NewAxis
            ? shape.AsSpan().SequenceEqual(first)
            : shape.Length == first.Length && shape.Where((e, i) => i != axis && e != first[i]).FirstOrDefault(-1) == -1;
        return !fits ? throw new TensorShapeException($"tensors of {Shapes.Text(first)} and {Shapes.Text(shape)} to join")
            : param.NewAxis ? 1 : shape[axis];
    }
}
