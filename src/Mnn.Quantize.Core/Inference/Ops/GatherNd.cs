namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Slices of a tensor, picked by coordinates in the last dimension of the indices; leading batch dimensions pair up.
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
        int batches = Shapes.Product(indices.Shape.AsSpan(0, batchDims));
        int picks = Shapes.Product(indices.Shape.AsSpan(batchDims, indices.Rank - 1 - batchDims));
        int slice = Shapes.Product(data.Shape.AsSpan(batchDims + depth)) * data.Type.Size();
        int batchBytes = Shapes.Product(data.Shape.AsSpan(batchDims)) * data.Type.Size();
        ReadOnlySpan<int> coordinates = indices.Ints;
        for (int i = 0; i < batches * picks; i++)
        {
            int position = 0;
            for (int d = 0; d < depth; d++)
            {
                int extent = data.Shape[batchDims + d];
                position = (position * extent) + Indices.Wrap(coordinates[(i * depth) + d], extent);
            }

            data.Bytes.Slice((i / picks * batchBytes) + (position * slice), slice).CopyTo(output.Bytes[(i * slice)..]);
        }
    }
}
