namespace Mnn.Quantize.Model;

/// <summary>Rows of small unsigned numbers without gaps, the most significant bit of each first.</summary>
internal static class BitPacking
{
    /// <summary>Bytes that <paramref name="count"/> numbers of <paramref name="bits"/> bits take.</summary>
    internal static long Bytes(long count, int bits) => ((count * bits) + 7) / 8;

    /// <summary>Bits that tell <paramref name="count"/> things apart, at least 1.</summary>
    internal static int BitsFor(int count) => Math.Max(1, 32 - int.LeadingZeroCount(count - 1));

    /// <summary>Reads numbers of 1 to 8 bits.</summary>
    /// <param name="source">The packed bytes, at least <see cref="Bytes"/> of them.</param>
    /// <param name="bits">Bits a number.</param>
    /// <param name="target">Receives the numbers.</param>
    internal static void Unpack(ReadOnlySpan<byte> source, int bits, Span<byte> target)
    {
        if (bits == 8)
        {
            source[..target.Length].CopyTo(target);
            return;
        }

        int mask = (1 << bits) - 1;
        int held = 0;
        int heldBits = 0;
        int next = 0;
        for (int i = 0; i < target.Length; i++)
        {
            if (heldBits < bits)
            {
                held = (held << 8) | source[next++];
                heldBits += 8;
            }

            heldBits -= bits;
            target[i] = (byte)((held >> heldBits) & mask);
        }
    }

    /// <summary>Writes numbers of 1 to 8 bits; bits left over in the last byte are zero.</summary>
    /// <param name="source">The numbers, each below 2^bits.</param>
    /// <param name="bits">Bits a number.</param>
    /// <param name="target">Receives <see cref="Bytes"/> bytes.</param>
    internal static void Pack(ReadOnlySpan<byte> source, int bits, Span<byte> target)
    {
        if (bits == 8)
        {
            source.CopyTo(target);
            return;
        }

        int held = 0;
        int heldBits = 0;
        int next = 0;
        foreach (byte value in source)
        {
            held = (held << bits) | value;
            heldBits += bits;
            if (heldBits >= 8)
            {
                heldBits -= 8;
                target[next++] = (byte)(held >> heldBits);
            }
        }

        if (heldBits > 0)
        {
            target[next] = (byte)(held << (8 - heldBits));
        }
    }
}
