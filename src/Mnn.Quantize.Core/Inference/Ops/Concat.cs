using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Lays tensors side by side along one axis. As in the runtime the first one sets the rank: others may lack trailing
/// dimensions of extent 1, which is how converters join shapes.
/// </summary>
internal sealed class Concat(int axis) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new Concat(context.ParamOrNull<Axis>()?.AxisValue ?? 0);

    public override void Run(OpContext context)
    {
        Tensor first = context.Input(0);
        int along = Shapes.Axis(axis, first.Rank);
        Span<int> shape = stackalloc int[first.Rank];
        Span<int> other = stackalloc int[first.Rank];
        first.Shape.CopyTo(shape);
        shape[along] = 0;
        for (int i = 0; i < context.InputCount; i++)
        {
            Extents(context.Input(i), other);
            if (context.Input(i).Type != first.Type)
            {
                throw new TensorShapeException($"{first.Type} and {context.Input(i).Type} elements");
            }

            shape[along] = checked(shape[along] + other[along]);
            for (int d = 0; d < shape.Length; d++)
            {
                if (d != along && other[d] != first.Shape[d])
                {
                    throw new TensorShapeException(
                        $"{Shapes.Text(first.Shape)} and {Shapes.Text(other)} to concatenate along axis {along}");
                }
            }
        }

        Tensor output = context.OutputOfType(0, first, shape, first.Format);
        Span<int> outStrides = stackalloc int[shape.Length];
        Span<int> inStrides = stackalloc int[shape.Length];
        output.Strides(outStrides);
        int position = 0;
        for (int i = 0; i < context.InputCount; i++)
        {
            Tensor input = context.Input(i);
            Extents(input, other);
            inStrides.Fill(1);
            input.Strides(inStrides);
            StridedCopy.Copy(
                input.Bytes, 0, inStrides, output.Bytes, position * outStrides[along], outStrides, other,
                input.Type.Size());
            position += other[along];
        }
    }

    // Those of the input, then 1 for each dimension that it lacks.
    private static void Extents(Tensor input, Span<int> extents)
    {
        if (input.Rank > extents.Length)
        {
            throw new TensorShapeException(
                $"a tensor of {input.Rank} dimensions to concatenate to one of {extents.Length}");
        }

        extents.Fill(1);
        input.Shape.CopyTo(extents);
    }
}
