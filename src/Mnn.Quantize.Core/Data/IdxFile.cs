using System.Buffers.Binary;
using System.IO.Compression;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Data;

/// <summary>
/// The files of MNIST and its kin, packed with gzip or not: two zero bytes, element type (8 for unsigned bytes), number of
/// dimensions, each dimension in four bytes, big-endian, then the elements row-major (http://yann.lecun.com/exdb/mnist).
/// </summary>
/// <param name="File">Where it was read from, for messages.</param>
/// <param name="Shape">Dimensions, 1 to 4.</param>
/// <param name="Elements">The elements.</param>
internal sealed record IdxFile(string File, int[] Shape, ReadOnlyMemory<byte> Elements)
{
    private const int UnsignedBytes = 8;
    private const int MostDimensions = 4;

    /// <summary>Whether a file begins like one; a file that can't be read does not.</summary>
    public static bool Is(string file)
    {
        byte[] head = new byte[4];
        try
        {
            using Stream stream = Open(file);
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
                && head is [0, 0, >= UnsignedBytes and <= 14, >= 1 and <= MostDimensions];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="QuantizeException">It can't be read or is damaged.</exception>
    public static IdxFile Read(string file)
    {
        try
        {
            using Stream stream = Open(file);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Parse(file, bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        }
        catch (InvalidDataException e)
        {
            throw Errors.GzipDamaged(file, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, System.IO.File.Exists(file) ? e.Message : "there is no such file", e);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    /// <exception cref="QuantizeException">It is damaged.</exception>
    public static IdxFile Parse(string file, ReadOnlyMemory<byte> data)
    {
        ReadOnlySpan<byte> head = data.Span;
        if (head.Length < 4 || head[0] != 0 || head[1] != 0 || head[3] is < 1 or > MostDimensions || head.Length < 4 + (4 * head[3]))
        {
            throw Errors.IdxMalformed(file, "its header is of another kind");
        }

        if (head[2] != UnsignedBytes)
        {
            throw Errors.IdxMalformed(file, $"its elements are of type 0x{head[2]:X2}");
        }

        int[] shape = new int[head[3]];
        double count = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(head[(4 + (4 * i))..]);
            if (extent is 0 or > int.MaxValue)
            {
                throw Errors.IdxMalformed(file, $"dimension {i} is {extent}");
            }

            shape[i] = (int)extent;
            count *= extent;
        }

        ReadOnlyMemory<byte> elements = data[(4 + (4 * shape.Length))..];
        return count == elements.Length
            ? new IdxFile(file, shape, elements)
            : throw Errors.IdxLength(file, Describe(shape), (long)Math.Min(count, long.MaxValue), elements.Length);
    }

    /// <summary>The dimensions, in words.</summary>
    public string Describe() => Describe(Shape);

    private static string Describe(int[] shape) => $"[{string.Join(", ", shape)}]";

    private static Stream Open(string file)
    {
        FileStream stream = System.IO.File.OpenRead(file);
        bool packed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return packed ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
