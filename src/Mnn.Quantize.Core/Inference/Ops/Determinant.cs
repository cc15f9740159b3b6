namespace Mnn.Quantize.Inference.Ops;

/// <summary>Determinants of the square matrices in the last two dimensions, by elimination.</summary>
internal sealed class Determinant : Operator
{
    // Below this a pivot counts as 0 in the runtime.
    private const float Zero = 1e-6f;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank < 2 || input.Dim(-1) != input.Dim(-2))
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} where square matrices are needed");
        }

        int size = input.Dim(-1);
        Span<float> output = context.Output(0, ElementType.Float32, input.Shape.AsSpan(..^2), input.Format).Floats;
        Span<float> matrix = context.Scratch<float>(size * size);
        for (int i = 0; i < output.Length; i++)
        {
            input.Floats.Slice(i * size * size, size * size).CopyTo(matrix);
            output[i] = Eliminate(matrix, size);
        }
    }

    private static float Eliminate(Span<float> matrix, int size)
    {
        float result = 1;
        for (int i = 0; i < size; i++)
        {
            int pivot = i;
            while (pivot < size && MathF.Abs(matrix[(pivot * size) + i]) < Zero)
            {
                pivot++;
            }

            if (pivot == size)
            {
                return 0;
            }

            // Unlike the runtime, which forgets that swapping rows turns the sign.
            if (pivot != i)
            {
                result = -result;
                for (int j = i; j < size; j++)
                {
                    (matrix[(i * size) + j], matrix[(pivot * size) + j]) = (matrix[(pivot * size) + j], matrix[(i * size) + j]);
                }
            }

            result *= matrix[(i * size) + i];
            for (int row = i + 1; row < size; row++)
            {
                float ratio = -matrix[(row * size) + i] / matrix[(i * size) + i];
                for (int j = i; j < size; j++)
                {
                    matrix[(row * size) + j] = MathF.FusedMultiplyAdd(ratio, matrix[(i * size) + j], matrix[(row * size) + j]);
                }
            }
        }

        return result;
    }
}
