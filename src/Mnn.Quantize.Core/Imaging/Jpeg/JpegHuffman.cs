namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>A Huffman table (ITU-T T.81, annex C and F.2.2.3) with look-ahead tables over its first bits.</summary>
internal sealed class JpegHuffman
{
    /// <summary>Codes of up to so many bits are found by one look-up.</summary>
    internal const int LookBits = 10;

    // Most pictures have the tables of the standard's annex K, or those of the camera or program that the others have too.
    private const int Recent = 8;

    [ThreadStatic]
    private static JpegHuffman?[]? t_recent;

    private readonly byte[] _counts;
    private readonly byte[] _symbols;

    /// <summary>For code length n: one past the largest code, aligned to 16 bits.</summary>
    private readonly int[] _limit = new int[18];

    /// <summary>For code length n: index of a symbol minus its code.</summary>
    private readonly int[] _offset = new int[17];

    private JpegHuffman(byte[] counts, byte[] symbols) => (_counts, _symbols) = (counts, symbols);

    /// <summary>Symbol in the low byte, code length above; 0 where the code is longer.</summary>
    internal ushort[] Look { get; } = new ushort[1 << LookBits];

    /// <summary>
    /// Code and coefficient in one: value in the high half, run in bits 8 to 11, bits of both in the low byte. A value
    /// of 0 means end of block; 0 altogether that code and coefficient don't fit the look-ahead.
    /// </summary>
    internal int[] LookValue { get; } = new int[1 << LookBits];

    /// <summary>Builds a table, or returns null if the counts are no prefix code.</summary>
    /// <param name="counts">Codes of 1 to 16 bits.</param>
    /// <param name="symbols">Their symbols, in order.</param>
    internal static JpegHuffman? Build(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        JpegHuffman?[] recent = t_recent ??= new JpegHuffman?[Recent];
        for (int i = 0; i < recent.Length && recent[i] is { } known; i++)
        {
            if (counts.SequenceEqual(known._counts) && symbols.SequenceEqual(known._symbols))
            {
                return known;
            }
        }

        if (BuildAnew(counts, symbols) is not { } table)
        {
            return null;
        }

        recent.AsSpan(0, Recent - 1).CopyTo(recent.AsSpan(1));
        return recent[0] = table;
    }

    private static JpegHuffman? BuildAnew(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var table = new JpegHuffman(counts.ToArray(), symbols.ToArray());
        int code = 0;
        int index = 0;
        for (int length = 1; length <= 16; length++)
        {
            table._offset[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length)
                {
                    return null;
                }

                table.AddLook(code, length, symbols[index]);
            }

            table._limit[length] = code << (16 - length);
            code <<= 1;
        }

        table._limit[17] = int.MaxValue;
        table.FillLookValues();
        return table;
    }

    /// <summary>Finds a code that is longer than the look-ahead.</summary>
    /// <param name="next">The next 16 bits.</param>
    /// <returns>Symbol in the low byte, code length above; -1 if there is no such code.</returns>
    internal int Search(int next)
    {
        int length = LookBits + 1;
        while (next >= _limit[length])
        {
            length++;
        }

        int index = length > 16 ? -1 : (next >> (16 - length)) + _offset[length];
        return (uint)index < (uint)_symbols.Length ? (length << 8) | _symbols[index] : -1;
    }

    private void AddLook(int code, int length, byte symbol)
    {
        if (length <= LookBits)
        {
            int first = code << (LookBits - length);
            Look.AsSpan(first, 1 << (LookBits - length)).Fill((ushort)((length << 8) | symbol));
        }
    }

    private void FillLookValues()
    {
        for (int bits = 0; bits < LookValue.Length; bits++)
        {
            (int length, int run, int size) = (Look[bits] >> 8, (Look[bits] >> 4) & 15, Look[bits] & 15);
            if (length == 0 || length + size > LookBits)
            {
                continue;
            }

            if (size > 0)
            {
                int extra = (bits >> (LookBits - length - size)) & ((1 << size) - 1);
                LookValue[bits] = (Extend(extra, size) << 16) | (run << 8) | (length + size);
            }
            else if (run == 0)
            {
                LookValue[bits] = length;
            }
        }
    }

    /// <summary>T.81 figure F.12: additional bits to a signed value.</summary>
    internal static int Extend(int bits, int size) => bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}
