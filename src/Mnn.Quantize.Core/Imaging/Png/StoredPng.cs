using System.Buffers.Binary;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>
/// Writes small pictures as PNG without compression: whatever the version of a compressor, the bytes are the same
/// (W3C PNG; RFC 1950 and 1951, stored blocks).
/// </summary>
internal static class StoredPng
{
    private const int MostInBlock = 65535;
    private const uint AdlerModulus = 65521;

    /// <summary>Codes a picture, without its alpha; with one byte a pixel if it is gray.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>A whole PNG file.</returns>
    public static byte[] Encode(Picture picture)
    {
        ReadOnlySpan<byte> rgba = picture.Pixels;
        bool gray = IsGray(rgba);
        int channels = gray ? 1 : 3;
        var rows = new byte[picture.Height * (1 + (picture.Width * channels))];
        int place = 0;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            // Each row begins with its filter, 0 for none.
            place += i % (picture.Width * 4) == 0 ? 1 : 0;
            for (int c = 0; c < channels; c++)
            {
                rows[place++] = rgba[i + c];
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        header[8] = 8;
        header[9] = (byte)(gray ? 0 : 2);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Stored(rows));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static bool IsGray(ReadOnlySpan<byte> rgba)
    {
        for (int i = 0; i < rgba.Length; i += 4)
        {
            if (rgba[i] != rgba[i + 1] || rgba[i] != rgba[i + 2])
            {
                return false;
            }
        }

        return true;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] checkedPart = [.. type, .. data];
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(checkedPart));
        file.Write(number);
    }

    // A zlib stream of blocks that hold the bytes as they are.
    private static byte[] Stored(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream();
        stream.Write([0x78, 0x01]);
        Span<byte> number = stackalloc byte[4];
        for (int start = 0; start < bytes.Length; start += MostInBlock)
        {
            int length = Math.Min(MostInBlock, bytes.Length - start);
            stream.WriteByte((byte)(start + length == bytes.Length ? 1 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(number[2..], (ushort)~length);
            stream.Write(number);
            stream.Write(bytes.Slice(start, length));
        }

        BinaryPrimitives.WriteUInt32BigEndian(number, Adler(bytes));
        stream.Write(number);
        return stream.ToArray();
    }

    private static uint Adler(ReadOnlySpan<byte> bytes)
    {
        (uint a, uint b) = (1, 0);
        foreach (byte value in bytes)
        {
            a = (a + value) % AdlerModulus;
            b = (b + a) % AdlerModulus;
        }

        return (b << 16) | a;
    }
}
