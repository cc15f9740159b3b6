using System.Buffers.Binary;
using System.Text;

namespace Mnn.Quantize.Calibration.Caching;

/// <summary>
/// Reads what <see cref="EntryWriter"/> wrote. Its bytes are known to be whole, since their hash was compared, but not who
/// wrote them.
/// </summary>
/// <exception cref="InvalidDataException">Any member: it was not the writer.</exception>
/// <param name="data">The bytes.</param>
internal ref struct EntryReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <inheritdoc cref="EntryWriter.Number"/>
    public ulong Number()
    {
        ulong value = 0;
        int i = 0;
        for (; i < _rest.Length && _rest[i] >= 0x80; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
        }

        value |= (ulong)Take(i + 1)[i] << (7 * i);
        return value;
    }

    /// <summary>A number from 0 to <paramref name="most"/>.</summary>
    public int Count(int most) => Number() is var value && value <= (ulong)most ? (int)value : throw Malformed();

    /// <summary>How many things follow, each of a byte or more.</summary>
    public int Count() => Count(_rest.Length);

    /// <inheritdoc cref="EntryWriter.Signed"/>
    public int Signed()
    {
        uint value = (uint)Number();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <inheritdoc cref="EntryWriter.Float"/>
    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <inheritdoc cref="EntryWriter.Bytes"/>
    public ReadOnlySpan<byte> Bytes() => Take(Count());

    /// <summary>So many bytes, with their number before them.</summary>
    public ReadOnlySpan<byte> Bytes(int length) => Bytes() is var value && value.Length == length ? value : throw Malformed();

    /// <inheritdoc cref="EntryWriter.Text"/>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> value = length <= _rest.Length ? _rest[..length] : throw Malformed();
        _rest = _rest[length..];
        return value;
    }

    private static InvalidDataException Malformed() => new("it ends too early, or has a number that can't be");
}
