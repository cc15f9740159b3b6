namespace Mnn.Quantize.Inference.Ops;

/// <summary>Zeros in the shape of the input with ones on a diagonal of the last two dimensions.</summary>
internal sealed class EyeLike : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank < 2)
        {
            throw new TensorShapeException($"{input.Rank} dimensions where at least 2 are needed");
        }

        int shift = context.HasInput(1) ? IntValues.First(context.Input(1)) : 0;
        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        output.Bytes.Clear();
        int rows = input.Dim(-2);
        int columns = input.Dim(-1);
        for (int i = 0; i < output.Count / Math.Max(1, columns); i++)
        {
            int column = (i % rows) + shift;
            if ((uint)column < (uint)columns)
            {
                SetOne(output, (i * columns) + column);
            }
        }
    }

    private static void SetOne(Tensor output, int index)
    {
        switch (output.Type)
        {
            case ElementType.Float32:
                output.Floats[index] = 1;
                break;
            case ElementType.Int32:
                output.Ints[index] = 1;
                break;
            default:
                output.Bytes[index] = 1;
                break;
        }
    }
}
