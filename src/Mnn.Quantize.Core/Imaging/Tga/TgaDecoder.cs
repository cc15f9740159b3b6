namespace Mnn.Quantize.Imaging.Tga;

/// <summary>TGA: true colour, gray and indexed, plain and run-length coded. (Truevision TGA 2.0.)</summary>
/// <remarks>As in the reference, 15 and 16 bits are RGB without alpha and the right-to-left flag is ignored.</remarks>
internal static class TgaDecoder
{
    /// <summary>A run-length packet gives at most 128 pixels.</summary>
    private const int LongestRun = 128;

    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var bytes = new PictureBytes(data, file, "TGA");
        TgaHeader header = TgaHeader.Read(bytes.Take(TgaHeader.Size));
        PictureLimits.Check(file, "TGA", header.Width, header.Height);
        bytes.Skip(header.IdLength);
        uint[] palette = header.Indexed ? ReadPalette(ref bytes, header) : [];

        int pixelBytes = (header.PixelBits + 7) / 8;
        long most = header.RunLength ? (long)bytes.Remaining / (1 + pixelBytes) * LongestRun : bytes.Remaining / pixelBytes;
        if (most < (long)header.Width * header.Height)
        {
            throw bytes.Truncated($"{bytes.Remaining} bytes can't hold {header.Width} x {header.Height} pixels");
        }

        Picture picture = Picture.Rent(header.Width, header.Height);
        var runs = default(Runs);
        for (int y = 0; y < header.Height; y++)
        {
            Span<uint> row = picture.Row(header.TopDown ? y : header.Height - 1 - y);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = runs.Next(ref bytes, header, palette);
            }
        }

        return picture;
    }

    private static uint[] ReadPalette(ref PictureBytes bytes, in TgaHeader header)
    {
        int entryBytes = (header.PaletteBits + 7) / 8;
        ReadOnlySpan<byte> entries = bytes.Take((long)header.PaletteCount * entryBytes);
        if (header.PaletteCount == 0)
        {
            throw bytes.Damaged("its palette is empty");
        }

        var palette = new uint[header.PaletteCount];
        for (int i = 0; i < palette.Length; i++)
        {
            palette[i] = Color(entries.Slice(i * entryBytes, entryBytes), header.PaletteBits, gray: false);
        }

        return palette;
    }

    private static uint Color(ReadOnlySpan<byte> bytes, int bits, bool gray)
    {
        switch (bits)
        {
            case 8:
                return PackedPixel.Gray(bytes[0]);
            case 15 or 16 when gray && bits == 16:
                return PackedPixel.Gray(bytes[0], bytes[1]);
            case 15 or 16:
                int value = bytes[0] | (bytes[1] << 8);
                return PackedPixel.Pack(Widen(value >> 10), Widen(value >> 5), Widen(value));
            case 24:
                return PackedPixel.Pack(bytes[2], bytes[1], bytes[0]);
            default:
                return PackedPixel.Pack(bytes[2], bytes[1], bytes[0], bytes[3]);
        }

        static int Widen(int fiveBits) => (fiveBits & 31) * 255 / 31;
    }

    /// <summary>Pixels one after the other; runs go on over row ends.</summary>
    private struct Runs
    {
        private int _left;
        private bool _repeats;
        private uint _pixel;

        internal uint Next(ref PictureBytes bytes, in TgaHeader header, uint[] palette)
        {
            bool read = true;
            if (header.RunLength)
            {
                read = _left == 0 || !_repeats;
                if (_left == 0)
                {
                    int packet = bytes.Byte();
                    (_left, _repeats) = ((packet & 127) + 1, packet >= 128);
                }

                _left--;
            }

            if (read)
            {
                _pixel = Read(ref bytes, header, palette);
            }

            return _pixel;
        }

        private static uint Read(ref PictureBytes bytes, in TgaHeader header, uint[] palette)
        {
            if (!header.Indexed)
            {
                return Color(bytes.Take((header.PixelBits + 7) / 8), header.PixelBits, header.Gray);
            }

            int index = (header.PixelBits == 8 ? bytes.Byte() : bytes.UInt16LittleEndian()) - header.PaletteStart;

            // Like the reference: an index outside of the palette means its first colour.
            return palette[(uint)index < (uint)palette.Length ? index : 0];
        }
    }
}
