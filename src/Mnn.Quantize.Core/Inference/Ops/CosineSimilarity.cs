namespace Mnn.Quantize.Inference.Ops;

/// <summary>The cosine of the angle between two tensors' vectors along dimension 1, which goes.</summary>
internal sealed class CosineSimilarity : Operator
{
    // Added to the product of the squared lengths, as in the runtime.
    private const float Epsilon = 1e-8f;

    public override void Run(OpContext context)
    {
        Tensor a = context.Input(0);
        Tensor b = context.Input(1);
        int axis = IntValues.AxisOf(context, 2, 1, a.Rank);
        if (axis != 1 || !a.Shape.AsSpan().SequenceEqual(b.Shape))
        {
            throw new TensorShapeException($"{Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} along axis {axis}");
        }

        (int _, int length, int inner) = Shapes.Around(a.Shape, axis);
        int[] shape = [a.Shape[0], .. a.Shape[2..]];
        Span<float> output = context.Output(
            0, ElementType.Float32, shape, Model.Schema.MNN_DATA_FORMAT.NCHW).Floats;
        for (int i = 0; i < output.Length; i++)
        {
            int start = (i / inner * length * inner) + (i % inner);
            (float aa, float ab, float bb) = (0, 0, 0);
            for (int j = 0; j < length; j++)
            {
                float x = a.Floats[start + (j * inner)];
                float y = b.Floats[start + (j * inner)];
                aa = MathF.FusedMultiplyAdd(x, x, aa);
                ab = MathF.FusedMultiplyAdd(x, y, ab);
                bb = MathF.FusedMultiplyAdd(y, y, bb);
            }

            output[i] = ab / MathF.Sqrt((aa * bb) + Epsilon);
        }
    }
}
