using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnn.Quantize.Tests.Imaging;

/// <summary>Writes PNG files by another hand than the reader: bit by bit, from the standard.</summary>
internal static class PngWriter
{
    internal static byte[] Write(
        int width, int height, int color, int depth, bool interlaced, int filter, Func<int, int, int, int> sample,
        byte[]? palette = null, byte[]? transparency = null)
    {
        int channels = color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var raw = new List<byte>();
        (int X, int Y, int Dx, int Dy)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        foreach ((int left, int top, int dx, int dy) in passes)
        {
            byte[] above = [];
            for (int y = top; y < height && left < width; y += dy)
            {
                var bits = new List<bool>();
                for (int x = left; x < width; x += dx)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        for (int bit = depth - 1; bit >= 0; bit--)
                        {
                            bits.Add(((sample(x, y, c) >> bit) & 1) != 0);
                        }
                    }
                }

                var row = new byte[(bits.Count + 7) / 8];
                for (int i = 0; i < bits.Count; i++)
                {
                    row[i / 8] |= (byte)(bits[i] ? 128 >> (i % 8) : 0);
                }

                above = above.Length == 0 ? new byte[row.Length] : above;
                int kind = filter == 5 ? y % 5 : filter;
                raw.Add((byte)kind);
                raw.AddRange(Filter(kind, row, above, Math.Max(1, channels * depth / 8)));
                above = row;
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)(interlaced ? 1 : 0));
        WriteChunk(file, "IHDR"u8, header);
        if (palette is not null)
        {
            WriteChunk(file, "PLTE"u8, palette);
        }

        if (transparency is not null)
        {
            WriteChunk(file, "tRNS"u8, transparency);
        }

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write([.. raw]);
        }

        // Two IDAT chunks: readers must join them.
        byte[] data = compressed.ToArray();
        WriteChunk(file, "IDAT"u8, data.AsSpan(0, data.Length / 2));
        WriteChunk(file, "IDAT"u8, data.AsSpan(data.Length / 2));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    internal static void FixHeaderCheckSum(byte[] data)
    {
        if (data[1] == 'P' && data[2] == 'N')
        {
            FixCheckSum(data, 8);
        }
    }

    internal static void FixAllCheckSums(byte[] data)
    {
        if (data.Length < 8 || data[1] != 'P' || data[2] != 'N')
        {
            return;
        }

        for (long at = 8; at + 12 <= data.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan((int)at));
            if (at + 12 + length > data.Length)
            {
                return;
            }

            FixCheckSum(data, (int)at);
            at += 12 + length;
        }
    }

    internal static void FixCheckSum(byte[] data, int chunk)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(chunk));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(chunk + 8 + length), Crc(data.AsSpan(chunk + 4, 4 + length)));
    }

    private static byte[] Filter(int kind, byte[] row, byte[] above, int distance)
    {
        var filtered = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= distance ? row[i - distance] : 0;
            int b = above[i];
            int c = i >= distance ? above[i - distance] : 0;
            int p = a + b - c;
            (int pa, int pb, int pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
            int paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
            int prediction = kind switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 };
            filtered[i] = (byte)(row[i] - prediction);
        }

        return filtered;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        byte[] chunk = [.. type, .. body];
        file.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(chunk));
        file.Write(number);
    }

    /// <summary>Bit by bit, without a table.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
