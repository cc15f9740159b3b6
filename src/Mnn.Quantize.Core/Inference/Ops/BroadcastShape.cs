namespace Mnn.Quantize.Inference.Ops;

/// <summary>How to read a tensor under broadcasting: dimensions are matched from the last one, an extent of 1 repeats.</summary>
internal static class BroadcastShape
{
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
