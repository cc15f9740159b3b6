using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Repeats a tensor to a wanted shape, in which a 1 keeps the tensor's own dimension. Shapes are aligned at their ends; at
/// their fronts if the operator says so, as the condition of TensorFlow's select needs it.
/// </summary>
internal sealed class BroadcastTo(bool alignFront) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new BroadcastTo(context.ParamOrNull<Model.Schema.Axis>() is { AxisValue: not 0 });

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> wanted = context.Input(1).Ints;
        Tensor source = context.Temporary(input.Type, input.Shape, input.Format);
        source.ShareBuffer(input);
        if (alignFront && input.Rank < wanted.Length)
        {
            int[] padded = new int[wanted.Length];
            padded.AsSpan().Fill(1);
            input.Shape.CopyTo(padded, 0);
            source.Describe(input.Type, padded, input.Format, channelsLast: false);
        }

        int[] shape = Shapes.Broadcast(source.Shape, wanted);
        Copy(source, context.OutputOfType(0, input, shape, input.Format));
        OpContext.Release(source);
    }

    /// <summary>Fills a row-major tensor with a row-major one that broadcasts to it.</summary>
    public static void Copy(Tensor source, Tensor destination)
    {
        Span<int> own = stackalloc int[source.Rank];
        Span<int> walk = stackalloc int[destination.Rank];
        Span<int> target = stackalloc int[destination.Rank];
        Shapes.RowMajorStrides(source.Shape, own);
        Shapes.BroadcastStrides(source.Shape, own, destination.Shape, walk);
        Shapes.RowMajorStrides(destination.Shape, target);
        StridedCopy.Copy(
            source.Bytes, 0, walk, destination.Bytes, 0, target, destination.Shape, source.Type.Size());
    }
}
