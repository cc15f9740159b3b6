using System.Buffers.Binary;
using System.Text;

namespace Mnn.Quantize.Calibration.Caching;

/// <summary>Reads what <see cref="EntryWriter"/> wrote. Its bytes are known to be whole: their hash was compared.</summary>
/// <param name="data">The bytes.</param>
internal ref struct EntryReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <inheritdoc cref="EntryWriter.Number"/>
    public ulong Number()
    {
        ulong value = 0;
        int i = 0;
        for (; _rest[i] >= 0x80; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
        }

        value |= (ulong)_rest[i] << (7 * i);
        _rest = _rest[(i + 1)..];
        return value;
    }

    /// <inheritdoc cref="EntryWriter.Signed"/>
    public int Signed()
    {
        uint value = (uint)Number();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <inheritdoc cref="EntryWriter.Float"/>
    public float Float()
    {
        float value = BinaryPrimitives.ReadSingleLittleEndian(_rest);
        _rest = _rest[sizeof(float)..];
        return value;
    }

    /// <inheritdoc cref="EntryWriter.Bytes"/>
    public ReadOnlySpan<byte> Bytes()
    {
        int length = (int)Number();
        ReadOnlySpan<byte> value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }

    /// <inheritdoc cref="EntryWriter.Text"/>
    public string Text() => Encoding.UTF8.GetString(Bytes());
}
