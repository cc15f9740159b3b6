using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>Bits of entropy-coded data, most significant first, with stuffed zero bytes taken out.</summary>
/// <remarks>
/// Hot loops copy <see cref="Buffer"/> and <see cref="Count"/> into locals and write them back. Past a marker or the
/// file's end zeros are supplied and counted, so that the loops need no checks; <see cref="CheckOverrun"/> does it after.
/// </remarks>
internal ref struct JpegBits(ReadOnlySpan<byte> data, int position, string file)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private readonly string _file = file;
    private int _position = position;
    private int _padding;

    /// <summary>The next bits, left-aligned; zeros below.</summary>
    internal ulong Buffer;

    /// <summary>How many bits of <see cref="Buffer"/> count.</summary>
    internal int Count;

    internal readonly int Position => _position;

    internal readonly QuantizeException Damaged(string what) => Errors.PictureDamaged(_file, "JPEG", what);

    /// <summary>Makes at least 32 bits available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Refill(ref ulong buffer, ref int count)
    {
        if (count >= 32)
        {
            return;
        }

        if (_position <= _data.Length - 4)
        {
            uint next = BinaryPrimitives.ReadUInt32BigEndian(_data[_position..]);

            // No byte is 0xFF if none of the complement is 0. https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
            if (((~next - 0x01010101) & next & 0x80808080) == 0)
            {
                buffer |= (ulong)next << (32 - count);
                count += 32;
                _position += 4;
                return;
            }
        }

        Buffer = buffer;
        Count = count;
        RefillBytes();
        buffer = Buffer;
        count = Count;
    }

    /// <summary>Takes up to 16 bits, at least 1.</summary>
    internal int Take(int bits)
    {
        Refill(ref Buffer, ref Count);
        int value = (int)(Buffer >> (64 - bits));
        Buffer <<= bits;
        Count -= bits;
        return value;
    }

    /// <summary>Decodes one symbol.</summary>
    internal int Symbol(JpegHuffman table)
    {
        Refill(ref Buffer, ref Count);
        int entry = Lookup(table, Buffer);
        Buffer <<= entry >> 8;
        Count -= entry >> 8;
        return entry & 255;
    }

    /// <summary>Symbol in the low byte, code length above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Lookup(JpegHuffman table, ulong buffer)
    {
        int entry = table.Look[(int)(buffer >> (64 - JpegHuffman.LookBits))];
        if (entry == 0)
        {
            entry = table.Search((int)(buffer >> 48));
            if (entry < 0)
            {
                throw Damaged($"a Huffman code before offset {_position} does not exist");
            }
        }

        return entry;
    }

    /// <summary>Fails if bits were used that the data does not have.</summary>
    internal readonly void CheckOverrun()
    {
        if (_padding > Count)
        {
            throw _position >= _data.Length - 1
                ? Errors.PictureTruncated(_file, "JPEG", $"its coded data ends at offset {_data.Length}, before its last block")
                : Damaged($"its coded data breaks off at a marker at offset {_position}");
        }
    }

    /// <summary>Steps over a restart marker and starts a new interval.</summary>
    internal void Restart()
    {
        CheckOverrun();
        SeekMarker();
        if (_position + 1 >= _data.Length || _data[_position + 1] is < 0xD0 or > 0xD7)
        {
            throw _position + 1 >= _data.Length
                ? Errors.PictureTruncated(_file, "JPEG", "it ends where a restart marker is due")
                : Damaged($"marker {_data[_position + 1]:X2} stands at offset {_position} where a restart marker is due");
        }

        _position += 2;
        (Buffer, Count, _padding) = (0, 0, 0);
    }

    /// <summary>Moves to the next marker, over what bytes are left before it.</summary>
    internal void SeekMarker()
    {
        while (_position < _data.Length - 1 && (_data[_position] != 0xFF || _data[_position + 1] is 0 or 0xFF))
        {
            _position++;
        }
    }

    private void RefillBytes()
    {
        while (Count <= 56)
        {
            int value = 0;
            if (_position < _data.Length && _data[_position] != 0xFF)
            {
                value = _data[_position++];
            }
            else if (_position + 1 < _data.Length && _data[_position + 1] == 0)
            {
                value = 0xFF;
                _position += 2;
            }
            else if (_position + 1 < _data.Length && _data[_position + 1] == 0xFF)
            {
                // A fill byte before a marker (T.81 B.1.1.2).
                _position++;
                continue;
            }
            else
            {
                _padding += 8;
            }

            Buffer |= (ulong)value << (56 - Count);
            Count += 8;
        }
    }
}
