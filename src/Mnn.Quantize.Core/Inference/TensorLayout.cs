using System.Runtime.InteropServices;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference;

/// <summary>Moves a tensor between row-major order and channels last.</summary>
internal static class TensorLayout
{
    /// <summary>Copies <paramref name="source"/>, row-major [N, C, spatial...], to [N, spatial..., C].</summary>
    public static void CopyToChannelsLast(Tensor source, Tensor destination) =>
        Copy(source, destination, source.Shape[1], Spatial(source));

    /// <summary>Copies <paramref name="source"/>, [N, spatial..., C] in memory, to row-major [N, C, spatial...].</summary>
    public static void CopyToRowMajor(Tensor source, Tensor destination) =>
        Copy(source, destination, Spatial(source), source.Shape[1]);

    /// <summary>A persistent copy with the channels last.</summary>
    public static Tensor ToChannelsLast(Tensor rowMajor)
    {
        Tensor result = Tensor.Persistent(rowMajor.Type, rowMajor.Shape, rowMajor.Format);
        CopyToChannelsLast(rowMajor, result);
        result.Describe(rowMajor.Type, rowMajor.Shape, rowMajor.Format, channelsLast: true);
        return result;
    }

    /// <summary>True if both orders are the same bytes: one channel, or one position.</summary>
    public static bool OrdersCoincide(Tensor tensor) => tensor.Shape[1] == 1 || Spatial(tensor) == 1;

    private static int Spatial(Tensor tensor)
    {
        int result = 1;
        for (int i = 2; i < tensor.Rank; i++)
        {
            result *= tensor.Shape[i];
        }

        return result;
    }

    /// <summary>Transposes <paramref name="batch"/> matrices [rows, columns] of elements of 1 or 4 bytes.</summary>
    public static void Transpose(
        ReadOnlySpan<byte> source, Span<byte> destination, int batch, int rows, int columns, int elementSize)
    {
        if (elementSize == 4)
        {
            Layout.Transpose(
                MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(destination), batch, rows, columns);
        }
        else
        {
            Layout.Transpose(source, destination, batch, rows, columns);
        }
    }

    private static void Copy(Tensor source, Tensor destination, int rows, int columns) =>
        Transpose(source.Bytes, destination.Bytes, source.Shape[0], rows, columns, source.Type.Size());
}
