using System.Buffers.Binary;

namespace Mnn.Quantize.Imaging.Bmp;

/// <summary>
/// BMP: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks, bottom-up and top-down.
/// </summary>
internal static class BmpDecoder
{
    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var bytes = new PictureBytes(data, file, "BMP");
        BmpHeader header = BmpHeader.Read(ref bytes);
        uint[] palette = header.Bits <= 8 ? ReadPalette(ref bytes, header) : [];
        bytes.Seek(header.PixelOffset);

        // The last row may come without its filler.
        long needed = (header.RowBytes * (header.Height - 1)) + ((((long)header.Width * header.Bits) + 7) / 8);
        if (bytes.Remaining < needed)
        {
            throw bytes.Truncated($"{bytes.Remaining} of {needed} bytes of pixels are there");
        }

        Picture picture = Picture.Rent(header.Width, header.Height);
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> source = bytes.Take(Math.Min(header.RowBytes, bytes.Remaining));
            WriteRow(source, picture.Row(header.TopDown ? y : header.Height - 1 - y), header, palette);
        }

        if (header is { Bits: 32, Alpha.Bits: not 0, InfoSize: <= 56 })
        {
            MakeOpaqueIfAllClear(picture);
        }

        return picture;
    }

    private static uint[] ReadPalette(ref PictureBytes bytes, in BmpHeader header)
    {
        int start = BmpHeader.FileHeaderSize + header.InfoSize;
        int count = Math.Clamp((header.PixelOffset - start) / header.PaletteEntrySize, 0, 256);
        if (count == 0)
        {
            throw bytes.Damaged("its palette is missing");
        }

        bytes.Seek(start);

        // Indices past the palette's end show black.
        var palette = new uint[256];
        Array.Fill(palette, PackedPixel.Gray(0));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Take(header.PaletteEntrySize);
            palette[i] = PackedPixel.Pack(entry[2], entry[1], entry[0]);
        }

        return palette;
    }

    private static void WriteRow(ReadOnlySpan<byte> source, Span<uint> pixels, in BmpHeader header, uint[] palette)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = header.Bits switch
            {
                1 => palette[(source[x >> 3] >> (7 - (x & 7))) & 1],
                4 => palette[(source[x >> 1] >> ((x & 1) == 0 ? 4 : 0)) & 15],
                8 => palette[source[x]],
                24 => PackedPixel.Pack(source[(3 * x) + 2], source[(3 * x) + 1], source[3 * x]),
                16 => Masked(BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * x)..]), header),
                _ => Masked(BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * x)..]), header),
            };
        }
    }

    private static uint Masked(uint pixel, in BmpHeader header) => PackedPixel.Pack(
        header.Red.Extract(pixel),
        header.Green.Extract(pixel),
        header.Blue.Extract(pixel),
        header.Alpha.Bits == 0 ? 255 : header.Alpha.Extract(pixel));

    /// <summary>Writers of the older headers leave the fourth byte 0; a picture with nothing visible can't be meant.</summary>
    private static void MakeOpaqueIfAllClear(Picture picture)
    {
        Span<byte> pixels = picture.Pixels;
        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 0)
            {
                return;
            }
        }

        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }
    }
}
