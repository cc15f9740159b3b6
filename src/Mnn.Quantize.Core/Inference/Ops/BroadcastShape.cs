namespace Mnn.Quantize.Inference.Ops;

/// <summary>Shapes under broadcasting: dimensions are matched from the last one, and an extent of 1 repeats.</summary>
internal static class BroadcastShape
{
    /// <summary>The shape that both come to.</summary>
    public static int[] Of(int[] a, int[] b)
    {
        int[] result = a.Length >= b.Length ? [.. a] : [.. b];
        int[] shorter = a.Length >= b.Length ? b : a;
        int offset = result.Length - shorter.Length;
        for (int i = 0; i < shorter.Length; i++)
        {
            int extent = result[offset + i];
            if (extent != shorter[i] && extent != 1 && shorter[i] != 1)
            {
                throw new TensorShapeException($"[{string.Join(", ", a)}] and [{string.Join(", ", b)}], which don't match");
            }

            result[offset + i] = extent == 1 ? shorter[i] : extent;
        }

        return result;
    }

    /// <summary>
    /// Extents and strides with which a tensor is read to fill <paramref name="output"/> in the order in which that lies
    /// in memory; stride 0 where it repeats.
    /// </summary>
    public static void Strides(Tensor tensor, Tensor output, Span<int> extents, Span<int> strides)
    {
        int rank = output.Rank;
        Span<int> own = stackalloc int[tensor.Rank];
        tensor.Strides(own);
        for (int i = 0; i < rank; i++)
        {
            int dimension = !output.IsChannelsLast || i == 0 ? i : i == rank - 1 ? 1 : i + 1;
            int from = dimension - (rank - tensor.Rank);
            extents[i] = output.Shape[dimension];
            strides[i] = from < 0 || tensor.Shape[from] == 1 ? 0 : own[from];
        }
    }
}
