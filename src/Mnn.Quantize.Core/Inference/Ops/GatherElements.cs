namespace Mnn.Quantize.Inference.Ops;

/// <summary>For each index the element at the index' own place, but with that coordinate along one axis.</summary>
internal sealed class GatherElements : Operator
{
    public override void Run(OpContext context)
    {
        Tensor data = context.Input(0);
        Tensor indices = context.Input(1);
        int axis = IntValues.AxisOf(context, 2, 0, data.Rank);
        if (indices.Rank != data.Rank)
        {
            throw new TensorShapeException($"indices {Shapes.Text(indices.Shape)} into {Shapes.Text(data.Shape)}");
        }

        Tensor output = context.OutputOfType(0, data, indices.Shape, data.Format);
        int size = data.Type.Size();
        ReadOnlySpan<int> places = indices.Ints;
        for (int i = 0; i < places.Length; i++)
        {
            int place = Place(i, places[i], axis, indices.Shape, data.Shape);
            data.Bytes.Slice(place * size, size).CopyTo(output.Bytes[(i * size)..]);
        }
    }

    /// <summary>
    /// Where in a tensor of shape <paramref name="data"/> element <paramref name="i"/> of one of shape
    /// <paramref name="indices"/> points to, if <paramref name="index"/> replaces its coordinate along the axis.
    /// </summary>
    public static int Place(int i, int index, int axis, ReadOnlySpan<int> indices, ReadOnlySpan<int> data)
    {
        int place = 0;
        int step = 1;
        for (int d = indices.Length - 1; d >= 0; d--)
        {
            place += step * Indices.Wrap(d == axis ? index : i % indices[d], data[d]);
            i /= indices[d];
            step *= data[d];
        }

        return place;
    }
}
