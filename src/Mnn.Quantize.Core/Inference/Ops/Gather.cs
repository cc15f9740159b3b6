namespace Mnn.Quantize.Inference.Ops;

/// <summary>Slices of a tensor along one axis, picked by indices; the indices' shape takes the axis' place.</summary>
internal sealed class Gather(int axis) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new Gather(context.ParamOrNull<Model.Schema.Axis>()?.AxisValue ?? 0);

    public override void Run(OpContext context)
    {
        Tensor data = context.Input(0);
        Tensor indices = context.Input(1);
        int along = context.Node.Op.Main is Model.Schema.Axis
            ? Shapes.Axis(axis, data.Rank)
            : IntValues.AxisOf(context, 2, axis, data.Rank);
        int[] shape = [.. data.Shape[..along], .. indices.Shape, .. data.Shape[(along + 1)..]];
        Tensor output = context.OutputOfType(0, data, shape, data.Format);
        (int outer, int length, int inner) = Shapes.Around(data.Shape, along);
        int bytes = inner * data.Type.Size();
        ReadOnlySpan<int> picks = indices.Ints;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < picks.Length; i++)
            {
                int pick = Indices.Wrap(picks[i], length);
                data.Bytes.Slice(((o * length) + pick) * bytes, bytes)
                    .CopyTo(output.Bytes[(((o * picks.Length) + i) * bytes)..]);
            }
        }
    }
}

/// <summary>What index inputs mean.</summary>
internal static class Indices
{
    /// <summary>An index counted from the front; a negative one counts from the end.</summary>
    /// <exception cref="TensorShapeException">It lies outside.</exception>
    public static int Wrap(int index, int extent)
    {
        int positive = index < 0 ? index + extent : index;
        return (uint)positive < (uint)extent
            ? positive
            : throw new TensorShapeException($"the index {index} into a dimension of {extent}");
    }
}
