using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Reorders dimensions: as parameters say (Permute; reversed without any) or as an input says (Transpose).</summary>
internal sealed class Permute(int[]? dims) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new Permute(context.Param<Model.Schema.Permute>().Dims);

    public static Operator CreateTranspose(OpBuildContext context) => new Permute(null);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> order = context.HasInput(1) ? context.Input(1).Ints : dims;
        Span<int> shape = stackalloc int[input.Rank];
        Span<int> own = stackalloc int[input.Rank];
        Span<int> walk = stackalloc int[input.Rank];
        Span<int> outStrides = stackalloc int[input.Rank];
        input.Strides(own);
        int seen = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            int from = order.IsEmpty ? shape.Length - 1 - i : i < order.Length ? order[i] : -1;
            if ((uint)from >= (uint)shape.Length || (seen & (1 << from)) != 0 || order.Length > shape.Length)
            {
                throw new TensorShapeException($"the order {Shapes.Text(order)} for {input.Rank} dimensions");
            }

            seen |= 1 << from;
            shape[i] = input.Shape[from];
            walk[i] = own[from];
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        output.Strides(outStrides);
        StridedCopy.Copy(input.Bytes, 0, walk, output.Bytes, 0, outStrides, shape, input.Type.Size());
    }
}
