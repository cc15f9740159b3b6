using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>The greatest elements of an output, for each element of its batch: the classes of a classifier.</summary>
internal static class TopElements
{
    /// <summary>Finds them.</summary>
    /// <param name="output">[N, ...]; with less than two dimensions it is one batch.</param>
    /// <param name="count">How many, at most.</param>
    /// <returns>A list a batch: index within the batch and value, greatest first, of equals the first; no NaN.</returns>
    internal static IReadOnlyList<IReadOnlyList<(int Index, double Value)>> Of(TensorValue output, int count)
    {
        int batches = output.Shape.Count > 1 ? output.Shape[0] : 1;
        double[] values = output.Type == ElementType.Float32
            ? Array.ConvertAll(output.Floats, v => (double)v)
            : Array.ConvertAll(output.Ints, v => (double)v);
        if (count == 0 || values.Length == 0)
        {
            return [];
        }

        return [.. values.Chunk(values.Length / batches).Select(batch => Greatest(batch, count))];
    }

    private static (int Index, double Value)[] Greatest(double[] values, int count) =>
    [
        .. values.Select((value, index) => (Index: index, Value: value))
            .Where(v => !double.IsNaN(v.Value))
            .OrderByDescending(v => v.Value) // Stable: equals stay in their order.
            .Take(count),
    ];
}
