namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Slices of a tensor, picked by coordinates in the last dimension of the indices. Batch dimensions aren't part of the
/// coordinates; as in the runtime, where each batch starts is already added to the first coordinate, by the converter.
/// </summary>
internal sealed class GatherNd(int batchDims) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new GatherNd(context.ParamOrNull<Model.Schema.Axis>()?.AxisValue ?? 0);

    public override void Run(OpContext context)
    {
        Tensor data = context.Input(0);
        Tensor indices = context.Input(1);
        int depth = indices.Rank > 0 ? indices.Dim(-1) : 0;
        if (indices.Rank == 0 || batchDims >= indices.Rank || batchDims + depth > data.Rank)
        {
            throw new TensorShapeException(
                $"indices {Shapes.Text(indices.Shape)} into {Shapes.Text(data.Shape)} with {batchDims} batch dimensions");
        }

        int[] shape = [.. indices.Shape[..^1], .. data.Shape[(batchDims + depth)..]];
        Tensor output = context.OutputOfType(0, data, shape, data.Format);
        int picks = Shapes.Product(indices.Shape.AsSpan(0, indices.Rank - 1));
        int slice = Shapes.Product(data.Shape.AsSpan(batchDims + depth));
        int slices = slice == 0 ? 0 : data.Count / slice;
        int bytes = slice * data.Type.Size();
        ReadOnlySpan<int> coordinates = indices.Ints;
        for (int i = 0; i < picks; i++)
        {
            int position = 0;
            for (int d = 0; d < depth; d++)
            {
                int extent = data.Shape[batchDims + d];
                int index = coordinates[(i * depth) + d];
                position = (position * extent) + (index < 0 ? index + extent : index);
            }

            data.Bytes.Slice(Indices.Wrap(position, slices) * bytes, bytes).CopyTo(output.Bytes[(i * bytes)..]);
        }
    }
}
