using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Data;

/// <summary>
/// What stands before the elements of a <c>.npy</c> file: magic, version, length, and a Python dictionary with element
/// type, order and shape (numpy.lib.format, versions 1.0 to 3.0).
/// </summary>
/// <param name="Kind">NumPy's letter for the kind of element: f, i, u or b.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsFortranOrder">Whether the first dimension is the innermost in the file.</param>
/// <param name="Shape">Dimensions; empty for a scalar.</param>
/// <param name="DataOffset">Bytes before the first element.</param>
internal sealed record NpyHeader(
    char Kind, int Size, bool IsBigEndian, bool IsFortranOrder, int[] Shape, int DataOffset)
{
    private const int VersionOffset = 6;
    private const int LengthOffset = 8;

    /// <summary>The first six bytes.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="QuantizeException">This is no header of a known version, or of an element type that is not read.</exception>
    public static NpyHeader Read(ReadOnlySpan<byte> bytes, string file)
    {
        if (!bytes.StartsWith(Magic) || bytes.Length <= LengthOffset + sizeof(uint))
        {
            throw Errors.NpyMalformed(file, "it does not start with the mark of the format");
        }

        // Version 1 has a 2-byte length; 2 and 3 have 4 bytes.
        bool isShort = bytes[VersionOffset] == 1;
        int start = LengthOffset + (isShort ? sizeof(ushort) : sizeof(uint));
        long length = isShort
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[LengthOffset..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthOffset..]);
        if (bytes[VersionOffset] is 0 or > 3 || length > bytes.Length - start)
        {
            throw Errors.NpyMalformed(file, "its header is cut short or of an unknown version");
        }

        return Parse(Encoding.UTF8.GetString(bytes.Slice(start, (int)length)), start + (int)length, file);
    }

    private static NpyHeader Parse(string text, int dataOffset, string file)
    {
        string description = Value(text, "descr", file).Trim('\'', '"');
        if (description.Length < 3 || "<>|=".IndexOf(description[0], StringComparison.Ordinal) < 0
            || !int.TryParse(description.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            || !IsKnown(description[1], size))
        {
            throw Errors.NpyType(file, description);
        }

        string order = Value(text, "fortran_order", file);
        if (order is not ("True" or "False"))
        {
            throw Errors.NpyMalformed(file, $"its header has the order {order}");
        }

        return new NpyHeader(
            description[1], size, description[0] == '>', order == "True", ReadShape(text, file), dataOffset);
    }

    private static bool IsKnown(char kind, int size) => kind switch
    {
        'f' => size is 2 or 4 or 8,
        'i' or 'u' => size is 1 or 2 or 4 or 8,
        'b' => size == 1,
        _ => false,
    };

    private static int[] ReadShape(string text, string file)
    {
        string value = Value(text, "shape", file);
        string[] parts = value.TrimStart('(').TrimEnd(')')
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] shape = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                throw Errors.NpyMalformed(file, $"its header has the shape {value}");
            }
        }

        return shape;
    }

    // The text behind 'key': up to the comma or the brace that ends it; a comma inside of parentheses doesn't.
    private static string Value(string text, string key, string file)
    {
        int at = Math.Max(
            text.IndexOf($"'{key}'", StringComparison.Ordinal), text.IndexOf($"\"{key}\"", StringComparison.Ordinal));
        int colon = at < 0 ? -1 : text.IndexOf(':', at);
        if (colon < 0)
        {
            throw Errors.NpyMalformed(file, $"its header has no {key}");
        }

        int depth = 0;
        int end = colon + 1;
        for (; end < text.Length; end++)
        {
            depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
            if (depth == 0 && text[end] is ',' or '}')
            {
                break;
            }
        }

        return text[(colon + 1)..end].Trim();
    }
}
