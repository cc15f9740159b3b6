namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The distinct values of an int32 tensor in ascending order. With two outputs the second says for each element where its
/// value went; with more (ONNX) they are: first occurrences, that, and counts.
/// </summary>
internal sealed class Unique : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> source = input.Ints;
        int[] values = [.. source.ToArray().Distinct().Order()];
        values.CopyTo(context.Output(0, ElementType.Int32, [values.Length], input.Format).Ints);
        if (context.OutputCount < 2)
        {
            return;
        }

        int inverse = context.OutputCount > 2 ? 2 : 1;
        Span<int> places = context.Output(inverse, ElementType.Int32, [source.Length], input.Format).Ints;
        for (int i = 0; i < source.Length; i++)
        {
            places[i] = Array.BinarySearch(values, source[i]);
        }

        if (context.OutputCount > 2)
        {
            Span<int> firsts = context.Output(1, ElementType.Int32, [values.Length], input.Format).Ints;
            for (int i = places.Length - 1; i >= 0; i--)
            {
                firsts[places[i]] = i;
            }
        }

        if (context.OutputCount > 3)
        {
            Span<int> counts = context.Output(3, ElementType.Int32, [values.Length], input.Format).Ints;
            counts.Clear();
            foreach (int place in places)
            {
                counts[place]++;
            }
        }
    }
}

/// <summary>The elements of an int32 tensor that the other does not have, in their order.</summary>
internal sealed class SetDifference : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        HashSet<int> removed = [.. context.Input(1).Ints];
        int[] rest = [.. input.Ints.ToArray().Where(v => !removed.Contains(v))];
        rest.CopyTo(context.Output(0, ElementType.Int32, [rest.Length], input.Format).Ints);
    }
}

/// <summary>Coordinates in an array of given extents from flat indices, one row a dimension.</summary>
internal sealed class UnravelIndex : Operator
{
    public override void Run(OpContext context)
    {
        Tensor indices = context.Input(0);
        ReadOnlySpan<int> dims = context.Input(1).Ints;
        int count = indices.Count;
        int[] shape = indices.Rank == 0 ? [dims.Length] : [dims.Length, count];
        Span<int> output = context.Output(0, ElementType.Int32, shape, context.Input(1).Format).Ints;
        for (int i = 0; i < count; i++)
        {
            int rest = indices.Ints[i];
            for (int d = dims.Length - 1; d >= 0; d--)
            {
                if (dims[d] <= 0)
                {
                    throw new TensorShapeException($"an extent of {dims[d]}");
                }

                output[(d * count) + i] = d == 0 ? rest : rest % dims[d];
                rest /= dims[d];
            }
        }
    }
}
