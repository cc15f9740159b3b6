using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The k greatest (or least) elements along an axis in order, and their indices; of equals the one with the lower index.
/// </summary>
internal sealed class TopK(bool largest) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new TopK(context.ParamOrNull<TopKV2>()?.Largest ?? true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int k = IntValues.First(context.Input(1));
        int axis = IntValues.AxisOf(context, 2, -1, input.Rank);
        if (k < 0 || k > input.Shape[axis])
        {
            throw new TensorShapeException($"{k} elements to pick from {input.Shape[axis]} along axis {axis}");
        }

        int[] shape = [.. input.Shape];
        shape[axis] = k;
        Tensor values = context.OutputOfType(0, input, shape, input.Format);
        Tensor indices = context.Output(1, ElementType.Int32, shape, context.Input(1).Format);
        if (input.Type == ElementType.Float32)
        {
            Pick<float>(input.Floats, values.Floats, indices.Ints, Shapes.Around(input.Shape, axis), k);
        }
        else
        {
            Pick<int>(input.Ints, values.Ints, indices.Ints, Shapes.Around(input.Shape, axis), k);
        }
    }

    private void Pick<T>(
        ReadOnlySpan<T> source, Span<T> values, Span<int> indices, (int Outer, int Length, int Inner) size, int k)
        where T : IComparable<T>
    {
        var line = new T[size.Length];
        int[] order = new int[size.Length];
        int sign = largest ? -1 : 1;
        for (int i = 0; i < size.Outer * size.Inner; i++)
        {
            int start = (i / size.Inner * size.Length * size.Inner) + (i % size.Inner);
            int target = (i / size.Inner * k * size.Inner) + (i % size.Inner);
            for (int j = 0; j < size.Length; j++)
            {
                line[j] = source[start + (j * size.Inner)];
                order[j] = j;
            }

            Array.Sort(order, (a, b) => line[a].CompareTo(line[b]) is var c && c != 0 ? sign * c : a.CompareTo(b));
            for (int j = 0; j < k; j++, target += size.Inner)
            {
                values[target] = line[order[j]];
                indices[target] = order[j];
            }
        }
    }
}
