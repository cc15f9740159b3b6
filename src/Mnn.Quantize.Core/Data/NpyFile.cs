using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Data;

/// <summary>
/// NumPy's file of one array (numpy.lib.format). Floats of any size become float32, integers and truth values int32, in
/// row-major order whatever the file's; what is written is little-endian float32 or int32 in row-major order.
/// </summary>
public static class NpyFile
{
    // The elements start at a multiple of this, as the format asks for.
    private const int Alignment = 64;

    /// <summary>Whether a file is an <c>.npy</c> file, by its first bytes.</summary>
    public static bool IsNpy(ReadOnlySpan<byte> bytes) => bytes.StartsWith(NpyHeader.Magic);

    /// <summary>Reads an array.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="name">Name that the value gets: that of the model's input.</param>
    /// <returns>A float32 or int32 array in row-major order.</returns>
    /// <exception cref="QuantizeException">The file is damaged, or holds elements that fit neither type.</exception>
    public static TensorValue Read(ReadOnlySpan<byte> bytes, string file, string name = "")
    {
        var header = NpyHeader.Read(bytes, file);
        ReadOnlySpan<byte> data = bytes[header.DataOffset..];
        long count = 1;
        foreach (int extent in header.Shape)
        {
            count = extent > 0 && count > Array.MaxLength / extent
                ? throw Errors.NpySize(file, Shapes.Text(header.Shape), data.Length)
                : count * extent;
        }

        if (count * header.Size != data.Length)
        {
            throw Errors.NpySize(file, Shapes.Text(header.Shape), data.Length);
        }

        return header.Kind == 'f'
            ? new TensorValue(name, header.Shape, InRowMajorOrder(header, ReadFloats(header, data, (int)count)))
            : new TensorValue(name, header.Shape, InRowMajorOrder(header, ReadInts(header, data, (int)count, file)));
    }

    /// <summary>Writes an array: version 1.0, <c>&lt;f4</c> or <c>&lt;i4</c>, row-major.</summary>
    /// <param name="value">The array.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        bool isFloat = value.Type == ElementType.Float32;

        // Python writes a tuple of one with a comma.
        string shape = string.Join(", ", value.Shape.Select(d => d.ToString(CultureInfo.InvariantCulture)))
            + (value.Shape.Count == 1 ? "," : "");
        string text = $"{{'descr': '{(isFloat ? "<f4" : "<i4")}', 'fortran_order': False, 'shape': ({shape}), }}";
        int start = NpyHeader.Magic.Length + 2 + sizeof(ushort);
        int dataOffset = (start + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        text = text.PadRight(dataOffset - start - 1) + "\n";

        ReadOnlySpan<byte> data = isFloat ? MemoryMarshal.AsBytes<float>(value.Floats) : MemoryMarshal.AsBytes<int>(value.Ints);
        byte[] bytes = new byte[dataOffset + data.Length];
        NpyHeader.Magic.CopyTo(bytes);
        bytes[NpyHeader.Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(start - sizeof(ushort)), (ushort)text.Length);
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(start));
        LittleEndian.Copy(data, bytes.AsSpan(dataOffset), sizeof(float));
        return bytes;
    }

    private static float[] ReadFloats(NpyHeader header, ReadOnlySpan<byte> data, int count)
    {
        float[] result = new float[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> element = data.Slice(i * header.Size, header.Size);
            result[i] = (header.Size, header.IsBigEndian) switch
            {
                (2, false) => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                (2, true) => (float)BinaryPrimitives.ReadHalfBigEndian(element),
                (4, false) => BinaryPrimitives.ReadSingleLittleEndian(element),
                (4, true) => BinaryPrimitives.ReadSingleBigEndian(element),
                (_, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                (_, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(element),
            };
        }

        return result;
    }

    private static int[] ReadInts(NpyHeader header, ReadOnlySpan<byte> data, int count, string file)
    {
        int[] result = new int[count];
        for (int i = 0; i < count; i++)
        {
            Int128 value = ReadInt(header, data.Slice(i * header.Size, header.Size));
            result[i] = value >= int.MinValue && value <= int.MaxValue
                ? (int)value
                : throw Errors.NpyIntegerTooLarge(file, value.ToString(CultureInfo.InvariantCulture), i);
        }

        return result;
    }

    private static Int128 ReadInt(NpyHeader header, ReadOnlySpan<byte> element)
    {
        ulong bits = 0;
        for (int i = 0; i < element.Length; i++)
        {
            bits = (bits << 8) | element[header.IsBigEndian ? i : element.Length - 1 - i];
        }

        // Shifted up and down again, the sign of a shorter integer spreads.
        int unused = 64 - (8 * header.Size);
        return header.Kind == 'i' ? (long)(bits << unused) >> unused : bits;
    }

    private static T[] InRowMajorOrder<T>(NpyHeader header, T[] values)
    {
        if (!header.IsFortranOrder || header.Shape.Length < 2)
        {
            return values;
        }

        var result = new T[values.Length];
        Span<int> index = new int[header.Shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int target = 0;
            for (int d = 0; d < index.Length; d++)
            {
                target = (target * header.Shape[d]) + index[d];
            }

            result[target] = values[i];
            for (int d = 0; d < index.Length && ++index[d] == header.Shape[d]; d++)
            {
                index[d] = 0;
            }
        }

        return result;
    }
}
