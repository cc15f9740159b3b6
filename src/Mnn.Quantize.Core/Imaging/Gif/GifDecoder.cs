using System.Buffers;

namespace Mnn.Quantize.Imaging.Gif;

/// <summary>The first frame of a GIF. https://www.w3.org/Graphics/GIF/spec-gif89a.txt</summary>
internal static class GifDecoder
{
    /// <summary>One byte holds less than 3 codes (of at least 3 bits), each at most a string of 4096 indices.</summary>
    private const long PixelsPerByte = 3 * 4096;

    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var bytes = new PictureBytes(data, file, "GIF");
        bytes.Skip(6);
        int width = bytes.UInt16LittleEndian();
        int height = bytes.UInt16LittleEndian();
        int flags = bytes.Byte();
        int background = bytes.Byte();
        bytes.Skip(1);
        PictureLimits.Check(file, "GIF", width, height);
        if ((long)width * height > data.Length * PixelsPerByte)
        {
            throw bytes.Truncated($"{data.Length} bytes can't hold {width} x {height} pixels");
        }

        uint[]? palette = (flags & 0x80) != 0 ? ReadPalette(ref bytes, flags) : null;
        int transparent = FindFrame(ref bytes);
        var frame = GifFrame.Read(ref bytes, width, height);
        uint[] colors = (frame.Flags & 0x80) != 0
            ? ReadPalette(ref bytes, frame.Flags)
            : palette ?? throw bytes.Damaged("it has no palette");

        // Like the reference: what no frame covers shows the background colour, if that isn't the first one.
        Picture picture = Picture.Rent(width, height);
        bool cleared = frame.Covers(width, height) || background == 0 || palette is null;
        for (int y = 0; y < height; y++)
        {
            picture.Row(y).Fill(cleared ? 0 : palette![background]);
        }

        WriteFrame(ref bytes, picture, frame, colors, transparent);
        return picture;
    }

    /// <summary>Reads over extensions up to the frame; returns the index of the transparent colour or -1.</summary>
    private static int FindFrame(ref PictureBytes bytes)
    {
        int transparent = -1;
        while (true)
        {
            switch (bytes.Byte())
            {
                case 0x2C:
                    return transparent;
                case 0x21:
                    bool control = bytes.Byte() == 0xF9;
                    for (int size = bytes.Byte(); size != 0; size = bytes.Byte())
                    {
                        ReadOnlySpan<byte> block = bytes.Take(size);
                        if (control && size == 4)
                        {
                            transparent = (block[0] & 1) != 0 ? block[3] : -1;
                        }
                    }

                    break;
                case 0x3B:
                    throw bytes.Damaged("it ends before its first frame");
                case byte tag:
                    throw bytes.Damaged($"block {tag:X2} at offset {bytes.Position - 1} is unknown");
            }
        }
    }

    private static uint[] ReadPalette(ref PictureBytes bytes, int flags)
    {
        int count = 2 << (flags & 7);
        ReadOnlySpan<byte> entries = bytes.Take(3 * count);
        var palette = new uint[256];
        for (int i = 0; i < count; i++)
        {
            palette[i] = PackedPixel.Pack(entries[3 * i], entries[(3 * i) + 1], entries[(3 * i) + 2]);
        }

        return palette;
    }

    private static void WriteFrame(
        ref PictureBytes bytes, Picture picture, in GifFrame frame, uint[] colors, int transparent)
    {
        int count = frame.Width * frame.Height;
        byte[] indices = ArrayPool<byte>.Shared.Rent(Math.Max(1, count));
        try
        {
            int decoded = GifLzw.Decode(ref bytes, indices.AsSpan(0, count));
            int row = 0;
            foreach (int y in frame.RowOrder())
            {
                int start = row++ * frame.Width;
                Span<uint> pixels = picture.Row(frame.Top + y).Slice(frame.Left, frame.Width);
                for (int x = 0; x < Math.Min(pixels.Length, decoded - start); x++)
                {
                    int index = indices[start + x];
                    pixels[x] = index == transparent ? 0 : colors[index];
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(indices);
        }
    }
}

/// <summary>An image descriptor: where a frame lies on the canvas.</summary>
internal readonly record struct GifFrame(int Left, int Top, int Width, int Height, int Flags)
{
    internal static GifFrame Read(ref PictureBytes bytes, int canvasWidth, int canvasHeight)
    {
        var frame = new GifFrame(
            bytes.UInt16LittleEndian(), bytes.UInt16LittleEndian(), bytes.UInt16LittleEndian(), bytes.UInt16LittleEndian(),
            bytes.Byte());
        if (frame.Left + frame.Width > canvasWidth || frame.Top + frame.Height > canvasHeight)
        {
            throw bytes.Damaged("its first frame lies outside of the canvas");
        }

        return frame;
    }

    internal bool Covers(int width, int height) => Width == width && Height == height;

    /// <summary>Rows in the order of the data: straight down, or in the four passes of an interlaced frame.</summary>
    internal IEnumerable<int> RowOrder()
    {
        (int Start, int Step)[] passes = (Flags & 0x40) != 0 ? [(0, 8), (4, 8), (2, 4), (1, 2)] : [(0, 1)];
        foreach ((int start, int step) in passes)
        {
            for (int y = start; y < Height; y += step)
            {
                yield return y;
            }
        }
    }
}
