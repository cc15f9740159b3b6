namespace Mnn.Quantize.Imaging.Pnm;

/// <summary>Binary PNM: P5 (gray) and P6 (RGB). https://netpbm.sourceforge.net/doc/ppm.html</summary>
internal static class PnmDecoder
{
    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var bytes = new PictureBytes(data, file, "PNM");
        bytes.Skip(1);
        int channels = bytes.Byte() == '6' ? 3 : 1;
        int separator = bytes.Byte();
        long width = ReadNumber(ref bytes, ref separator);
        long height = ReadNumber(ref bytes, ref separator);
        long maximum = ReadNumber(ref bytes, ref separator);
        PictureLimits.Check(file, "PNM", width, height);
        if (maximum is < 1 or > 65535)
        {
            throw bytes.Damaged($"its maximum value is {maximum}, expected 1 to 65535");
        }

        int sampleBytes = maximum > 255 ? 2 : 1;
        ReadOnlySpan<byte> samples = bytes.Take(width * height * channels * sampleBytes);
        Picture picture = Picture.Rent((int)width, (int)height);
        int rowBytes = (int)width * channels * sampleBytes;
        for (int y = 0; y < picture.Height; y++)
        {
            WriteRow(samples.Slice(y * rowBytes, rowBytes), picture.Row(y), channels, (int)maximum);
        }

        return picture;
    }

    private static void WriteRow(ReadOnlySpan<byte> samples, Span<uint> pixels, int channels, int maximum)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            int first = x * channels;
            pixels[x] = channels == 1
                ? PackedPixel.Gray(Sample(samples, first, maximum))
                : PackedPixel.Pack(
                    Sample(samples, first, maximum),
                    Sample(samples, first + 1, maximum),
                    Sample(samples, first + 2, maximum));
        }
    }

    /// <summary>
    /// One byte is taken as it is, like the reference does, whatever the maximum. Two bytes (which the reference
    /// refuses) keep the top 8 of the bits in use: for a maximum of 65535 the high byte, as with 16-bit PNG.
    /// </summary>
    private static int Sample(ReadOnlySpan<byte> samples, int index, int maximum)
    {
        if (maximum <= 255)
        {
            return samples[index];
        }

        int value = (samples[2 * index] << 8) | samples[(2 * index) + 1];
        return Math.Min(255, (value << 8) / (maximum + 1));
    }

    /// <summary>Skips blanks and comments, reads digits and exactly one byte after them.</summary>
    private static long ReadNumber(ref PictureBytes bytes, ref int current)
    {
        while (current is ' ' or '\t' or '\n' or '\v' or '\f' or '\r' or '#')
        {
            if (current == '#')
            {
                while (current is not ('\n' or '\r'))
                {
                    current = bytes.Byte();
                }
            }

            current = bytes.Byte();
        }

        if (current is < '0' or > '9')
        {
            throw bytes.Damaged($"a number is missing in its header at offset {bytes.Position - 1}");
        }

        long value = 0;
        for (; current is >= '0' and <= '9'; current = bytes.Byte())
        {
            value = Math.Min((value * 10) + (current - '0'), uint.MaxValue);
        }

        return value;
    }
}
