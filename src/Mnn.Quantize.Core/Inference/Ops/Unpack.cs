using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Cuts a tensor into its slices along one axis, which the outputs no longer have.</summary>
internal sealed class Unpack(int axis) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new Unpack(context.Param<Model.Schema.Axis>().AxisValue);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int along = Shapes.Axis(axis, input.Rank);
        if (context.OutputCount > input.Shape[along])
        {
            throw new TensorShapeException($"{input.Shape[along]} slices for {context.OutputCount} outputs");
        }

        int[] shape = [.. input.Shape[..along], .. input.Shape[(along + 1)..]];
        Span<int> inStrides = stackalloc int[input.Rank];
        Span<int> walk = stackalloc int[shape.Length];
        Span<int> outStrides = stackalloc int[shape.Length];
        input.Strides(inStrides);
        inStrides[..along].CopyTo(walk);
        inStrides[(along + 1)..].CopyTo(walk[along..]);
        for (int i = 0; i < context.OutputCount; i++)
        {
            Tensor output = context.OutputOfType(i, input, shape, input.Format);
            output.Strides(outStrides);
            StridedCopy.Copy(
                input.Bytes, i * inStrides[along], walk, output.Bytes, 0, outStrides, shape, input.Type.Size());
        }
    }
}
