namespace Mnn.Quantize.Imaging.Gif;

/// <summary>The variable-length-code LZW of GIF89a, appendix F: sub-blocks in, palette indices out.</summary>
internal static class GifLzw
{
    private const int MaxCodes = 4096;

    /// <summary>Decodes up to <paramref name="indices"/>.Length indices; fewer if the stream ends with its end code.</summary>
    /// <returns>How many indices were decoded.</returns>
    internal static int Decode(ref PictureBytes bytes, Span<byte> indices)
    {
        int minimum = bytes.Byte();
        if (minimum is < 1 or > 11)
        {
            throw bytes.Damaged($"its smallest code size is {minimum}, expected 1 to 11");
        }

        // Each code is its prefix code, then one index; First is the first index of the whole string.
        Span<ushort> prefix = stackalloc ushort[MaxCodes];
        Span<byte> suffix = stackalloc byte[MaxCodes];
        Span<byte> first = stackalloc byte[MaxCodes];
        Span<ushort> length = stackalloc ushort[MaxCodes];
        int clear = 1 << minimum;
        for (int i = 0; i < clear; i++)
        {
            suffix[i] = first[i] = (byte)i;
            length[i] = 1;
        }

        int size = minimum + 1;
        int next = clear + 2;
        int previous = -1;
        int written = 0;
        uint buffer = 0;
        int bits = 0;
        int blockLeft = 0;
        while (written < indices.Length)
        {
            while (bits < size)
            {
                if (blockLeft == 0 && (blockLeft = bytes.Byte()) == 0)
                {
                    return written;
                }

                buffer |= (uint)bytes.Byte() << bits;
                bits += 8;
                blockLeft--;
            }

            int code = (int)(buffer & ((1u << size) - 1));
            buffer >>= size;
            bits -= size;
            if (code == clear)
            {
                (size, next, previous) = (minimum + 1, clear + 2, -1);
                continue;
            }

            if (code == clear + 1)
            {
                return written;
            }

            if (code > next || (code == next && (previous < 0 || next == MaxCodes)))
            {
                throw bytes.Damaged($"code {code} appears before it is defined");
            }

            if (previous >= 0 && next < MaxCodes)
            {
                prefix[next] = (ushort)previous;
                first[next] = first[previous];
                suffix[next] = code == next ? first[previous] : first[code];
                length[next] = (ushort)(length[previous] + 1);
                next++;
                if (next == 1 << size && size < 12)
                {
                    size++;
                }
            }

            written += Emit(code, indices[written..], prefix, suffix, length);
            previous = code;
        }

        return written;
    }

    /// <summary>Writes a code's string from its end to its start, without what lies beyond the destination.</summary>
    private static int Emit(
        int code, Span<byte> destination, ReadOnlySpan<ushort> prefix, ReadOnlySpan<byte> suffix, ReadOnlySpan<ushort> length)
    {
        int count = length[code];
        for (int i = count - 1; i >= 0; i--)
        {
            if (i < destination.Length)
            {
                destination[i] = suffix[code];
            }

            code = prefix[code];
        }

        return Math.Min(count, destination.Length);
    }
}
