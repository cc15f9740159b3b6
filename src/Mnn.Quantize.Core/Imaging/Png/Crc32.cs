using System.Buffers.Binary;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>The check sum of PNG chunks: polynomial 0xEDB88320, reflected (W3C PNG, annex D).</summary>
internal static class Crc32
{
    private const int Slices = 8;

    // _tables[256 n + b]: what a byte b makes of the sum when n more bytes follow it.
    private static readonly uint[] _tables = MakeTables();

    /// <summary>Eight bytes at a time: the sum is linear, so that what each of them makes of it is looked up by itself.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = _tables;
        uint crc = uint.MaxValue;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = tables[(256 * 7) + (byte)word] ^ tables[(256 * 6) + (byte)(word >> 8)]
                ^ tables[(256 * 5) + (byte)(word >> 16)] ^ tables[(256 * 4) + (byte)(word >> 24)]
                ^ tables[(256 * 3) + (byte)(word >> 32)] ^ tables[(256 * 2) + (byte)(word >> 40)]
                ^ tables[256 + (byte)(word >> 48)] ^ tables[(byte)(word >> 56)];
        }

        return ~OneByOne(bytes, crc);
    }

    /// <summary>The same, a byte at a time.</summary>
    internal static uint OfScalar(ReadOnlySpan<byte> bytes) => ~OneByOne(bytes, uint.MaxValue);

    private static uint OneByOne(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (byte value in bytes)
        {
            crc = _tables[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[256 * Slices];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }
}
