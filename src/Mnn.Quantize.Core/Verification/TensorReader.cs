using System.Runtime.InteropServices;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>Reads a tensor's real values in row-major order, whatever its type and layout. Keeps its memory.</summary>
internal sealed class TensorReader
{
    private float[] _inOrder = [];
    private float[] _asStored = [];
    private sbyte[] _quantized = [];

    /// <summary>True for tensors of real numbers, stored as floats or quantized.</summary>
    public static bool IsReal(Tensor tensor) =>
        tensor.HasData && (tensor.Type == ElementType.Float32 || (tensor.Type == ElementType.Int8 && tensor.Quant is not null));

    /// <summary>The values; they stay until the next call.</summary>
    public ReadOnlySpan<float> Read(Tensor tensor)
    {
        int count = tensor.Count;
        bool turn = tensor.IsChannelsLast && !TensorLayout.OrdersCoincide(tensor);
        Span<float> stored = turn ? Room(ref _asStored, count) : Room(ref _inOrder, count);
        if (tensor.Type == ElementType.Int8)
        {
            QuantCast.ToFloat(tensor.Int8s, stored, tensor.Quant!);
        }
        else
        {
            tensor.Floats.CopyTo(stored);
        }

        if (!turn)
        {
            return stored;
        }

        Span<float> inOrder = Room(ref _inOrder, count);
        int channels = tensor.Shape[1];
        int positions = count == 0 ? 0 : count / tensor.Shape[0] / channels;
        TensorLayout.Transpose(
            MemoryMarshal.AsBytes(stored), MemoryMarshal.AsBytes(inOrder), tensor.Shape[0], positions, channels, sizeof(float));
        return inOrder;
    }

    /// <summary>Counts the elements at an end of their int8 range that stands for something else than 0.</summary>
    /// <param name="tensor">A quantized tensor, or one of floats that will be.</param>
    /// <param name="quant">Its range, or the one that it will have.</param>
    public long CountAtClamp(Tensor tensor, QuantParameters quant)
    {
        ReadOnlySpan<sbyte> values;
        if (tensor.Type == ElementType.Int8)
        {
            values = tensor.Int8s;
        }
        else
        {
            Span<sbyte> cast = Room(ref _quantized, tensor.Count);
            QuantCast.ToInt8(tensor.Floats, cast, quant);
            values = cast;
        }

        long count = 0;
        foreach (sbyte value in values)
        {
            count += value != quant.ZeroPoint && (value == quant.Min || value == quant.Max) ? 1 : 0;
        }

        return count;
    }

    private static Span<T> Room<T>(ref T[] buffer, int count)
    {
        if (buffer.Length < count)
        {
            buffer = new T[count];
        }

        return buffer.AsSpan(0, count);
    }
}
