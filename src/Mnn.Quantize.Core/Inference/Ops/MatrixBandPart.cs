using System.Runtime.InteropServices;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Keeps a band around the diagonal of the last two dimensions: so many places below it and so many above, all of them if
/// negative. ONNX's Trilu comes as this too.
/// </summary>
internal sealed class MatrixBandPart : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank < 2 || input.Type.Size() != 4)
        {
            throw new TensorShapeException($"{input.Type} {Shapes.Text(input.Shape)}, not matrices of floats or int32");
        }

        int lower = IntValues.First(context.Input(1));
        int upper = IntValues.First(context.Input(2));
        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(input.Bytes);
        Span<uint> target = MemoryMarshal.Cast<byte, uint>(output.Bytes);
        int columns = input.Dim(-1);
        for (int i = 0; i < source.Length; i++)
        {
            int below = (i / columns % input.Dim(-2)) - (i % columns);
            target[i] = (lower < 0 || below <= lower) && (upper < 0 || -below <= upper) ? source[i] : 0;
        }
    }
}
