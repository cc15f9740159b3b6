using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training;

/// <summary>Takes samples out of a batch and puts results together again, along dimension 0.</summary>
internal static class BatchSlice
{
    /// <summary>Some samples of a batch.</summary>
    /// <param name="batch">The whole batch.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="count">Number of samples.</param>
    public static TensorValue Of(TensorValue batch, int first, int count)
    {
        int[] shape = [count, .. batch.Shape.Skip(1)];
        int size = Shapes.Product(shape.AsSpan(1));
        return batch.Type == ElementType.Float32
            ? new TensorValue(batch.Name, shape, batch.Floats.AsSpan(first * size, count * size).ToArray())
            : new TensorValue(batch.Name, shape, batch.Ints.AsSpan(first * size, count * size).ToArray());
    }

    /// <summary>One value of those of consecutive parts of a batch.</summary>
    /// <param name="parts">In their order.</param>
    public static TensorValue Join(IReadOnlyList<TensorValue> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        int rows = parts.Sum(p => p.Shape.Count > 0 ? p.Shape[0] : 1);
        int[] shape = [rows, .. parts[0].Shape.Skip(1)];
        return parts[0].Type == ElementType.Float32
            ? new TensorValue(parts[0].Name, shape, [.. parts.SelectMany(p => p.Floats)])
            : new TensorValue(parts[0].Name, shape, [.. parts.SelectMany(p => p.Ints)]);
    }
}
