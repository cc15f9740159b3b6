using System.Runtime.InteropServices;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>Reads the values that a model carries as <see cref="Blob"/>s.</summary>
internal static class ConstantReader
{
    /// <summary>The tensor of a Const operator.</summary>
    public static Tensor Read(Op op, string file) =>
        op.Main is Blob blob
            ? Read(blob, op, file)
            : throw Errors.MissingParameters(file, op.Name, op.Type.ToString());

    /// <summary>The tensor that a blob holds; channels last if its format asks for it.</summary>
    public static Tensor Read(Blob blob, Op op, string file)
    {
        ElementType type = ElementTypeOf(blob.DataType, op, file);
        int[] shape = blob.Dims ?? [];

        // What the shape claims gets its memory when the values are known to be there.
        var claimed = new Tensor();
        claimed.Describe(type, shape, blob.DataFormat, channelsLast: false);
        ReadOnlySpan<byte> values = Values(blob, claimed.Count, out int[]? narrowed);
        values = narrowed is null ? values : MemoryMarshal.AsBytes<int>(narrowed);
        if (values.Length < claimed.ByteCount)
        {
            throw Errors.ConstantTooShort(file, op.Name, claimed.ByteCount, values.Length);
        }

        Tensor rowMajor = Tensor.Persistent(type, shape, blob.DataFormat);
        values[..rowMajor.ByteCount].CopyTo(rowMajor.Bytes);
        return Tensor.LiesChannelsLast(blob.DataFormat, shape.Length) ? TensorLayout.ToChannelsLast(rowMajor) : rowMajor;
    }

    /// <summary>How the runtime holds a declared data type.</summary>
    public static ElementType ElementTypeOf(DataType type, Op op, string file) => type switch
    {
        DataType.DT_FLOAT or DataType.DT_DOUBLE or DataType.DT_HALF or DataType.DT_BFLOAT16 or DataType.DT_INVALID
            => ElementType.Float32,
        DataType.DT_INT32 or DataType.DT_INT64 or DataType.DT_BOOL or DataType.DT_INT16 or DataType.DT_UINT16
            => ElementType.Int32,
        DataType.DT_UINT8 or DataType.DT_QUINT8 => ElementType.UInt8,
        DataType.DT_INT8 or DataType.DT_QINT8 => ElementType.Int8,
        _ => throw Errors.UnsupportedDataType(file, op.Name, type.ToString()),
    };

    private static ReadOnlySpan<byte> Values(Blob blob, int count, out int[]? narrowed)
    {
        narrowed = null;
        switch (blob.DataType)
        {
            case DataType.DT_HALF or DataType.DT_BFLOAT16 when blob.Uint8s is { } halves:
                ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(halves);
                narrowed = new int[Math.Min(count, bits.Length)];
                for (int i = 0; i < narrowed.Length; i++)
                {
                    float value = blob.DataType == DataType.DT_HALF
                        ? (float)BitConverter.UInt16BitsToHalf(bits[i])
                        : BitConverter.Int32BitsToSingle(bits[i] << 16);
                    narrowed[i] = BitConverter.SingleToInt32Bits(value);
                }

                return default;
            case DataType.DT_INT64 when blob.Int64s is { } longs:
                narrowed = Array.ConvertAll(longs, v => (int)Math.Clamp(v, int.MinValue, int.MaxValue));
                return default;
            case DataType.DT_BOOL when blob.Int32s is null && blob.Uint8s is { } bools:
                narrowed = Array.ConvertAll(bools, b => (int)b);
                return default;
            default:
                break;
        }

        return blob.Float32s is { } floats ? MemoryMarshal.AsBytes<float>(floats)
            : blob.Int32s is { } ints ? MemoryMarshal.AsBytes<int>(ints)
            : blob.Uint8s is { } bytes ? bytes
            : blob.Int8s is { } sbytes ? MemoryMarshal.AsBytes<sbyte>(sbytes)
            : default;
    }
}
