using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A tensor's dimensions as an int32 vector, whole or from a start to an end.</summary>
internal sealed class ShapeOf(ShapeParam? range, MNN_DATA_FORMAT format) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) =>
        new ShapeOf(context.ParamOrNull<ShapeParam>(), context.Op.DefaultDimentionFormat);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int[] dims = input.Shape;
        if (input.Format == MNN_DATA_FORMAT.NC4HW4 && format == MNN_DATA_FORMAT.NHWC && dims.Length == 4)
        {
            // A TensorFlow graph that asks for a shape expects the order that it knows.
            dims = (int[])[dims[0], dims[2], dims[3], dims[1]];
        }

        int start = range is { HasStart: true } ? Bound(range.Start, dims.Length) : 0;
        int end = range is { HasEnd: true } ? Bound(range.End, dims.Length) : dims.Length;
        ReadOnlySpan<int> part = dims.AsSpan(start..Math.Max(start, end));
        part.CopyTo(context.Output(0, ElementType.Int32, [part.Length], format).Ints);
    }

    private static int Bound(int index, int rank) => Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
