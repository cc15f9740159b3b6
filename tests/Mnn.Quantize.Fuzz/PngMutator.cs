using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnn.Quantize.Fuzz;

/// <summary>Knows PNG's chunks: their check sums, and what is compressed in them.</summary>
internal static class PngMutator
{
    private const int Signature = 8;

    /// <summary>Gives every chunk the check sum of what it holds now.</summary>
    public static byte[] MendCheckSums(byte[] png)
    {
        byte[] data = [.. png];
        foreach ((int start, int length) in Chunks(data))
        {
            BinaryPrimitives.WriteUInt32BigEndian(
                data.AsSpan(start + 8 + length), Crc(data.AsSpan(start + 4, 4 + length)));
        }

        return data;
    }

    /// <summary>Changes the rows that are compressed in the first IDAT chunk.</summary>
    public static byte[] ChangeRows(byte[] png, Random random)
    {
        foreach ((int start, int length) in Chunks(png))
        {
            if (!png.AsSpan(start + 4, 4).SequenceEqual("IDAT"u8))
            {
                continue;
            }

            byte[]? rows = Inflate(png.AsSpan(start + 8, length));
            if (rows is not { Length: > 0 })
            {
                return png;
            }

            byte[] changed = ByteMutator.Mutate(rows, [rows], [], random);
            byte[] packed = Deflate(random.Next(16) == 0 ? new byte[1 << 22] : changed);
            byte[] head = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(head, packed.Length);
            return MendCheckSums([.. png[..start], .. head, .. "IDAT"u8, .. packed, .. new byte[4], .. png[(start + 12 + length)..]]);
        }

        return png;
    }

    private static IEnumerable<(int Start, int Length)> Chunks(byte[] data)
    {
        for (int at = Signature; at + 12 <= data.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
            if (length < 0 || length > data.Length - at - 12)
            {
                yield break;
            }

            yield return (at, length);
            at += 12 + length;
        }
    }

    private static byte[]? Inflate(ReadOnlySpan<byte> packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            byte[] rows = new byte[1 << 16];
            return rows[..stream.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Deflate(byte[] rows)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(rows);
        }

        return packed.ToArray();
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
