using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mnn.Quantize.Calibration.Caching;

/// <summary>Writes numbers and texts one behind the other into memory; <see cref="EntryReader"/> reads them.</summary>
internal sealed class EntryWriter
{
    private const int LongestNumber = 10;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Begins anew, in the same memory.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>Seven bits a byte, least significant first, the eighth says that more follow (LEB128).</summary>
    public void Number(ulong value)
    {
        Span<byte> bytes = _buffer.GetSpan(LongestNumber);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[count++] = (byte)(value | 0x80);
        }

        bytes[count++] = (byte)value;
        _buffer.Advance(count);
    }

    /// <summary>A number that may be negative: its sign is the lowest bit.</summary>
    public void Signed(int value) => Number((ulong)(uint)((value << 1) ^ (value >> 31)));

    /// <summary>All bits of a float.</summary>
    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(sizeof(float)), value);
        _buffer.Advance(sizeof(float));
    }

    /// <summary>Bytes, with their number before them.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> value) => _buffer.Write(value);

    /// <summary>A text.</summary>
    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));
}
