using System.Buffers.Binary;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>Colour types of PNG (W3C PNG, third edition, table 9).</summary>
internal enum PngColor
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

/// <summary>The IHDR chunk.</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColor Color, bool Interlaced)
{
    internal int Channels => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GrayAlpha => 2,
        PngColor.Rgba => 4,
        _ => 1,
    };

    /// <summary>Bytes to the sample that filters look back to: one pixel, at least one byte.</summary>
    internal int FilterDistance => Math.Max(1, Channels * Depth / 8);

    /// <summary>Bytes of a row of so many pixels, without its filter byte.</summary>
    internal long RowBytes(int width) => (((long)width * Channels * Depth) + 7) / 8;

    /// <summary>Bytes that must come out of the compressed stream.</summary>
    internal long RawBytes
    {
        get
        {
            long total = 0;
            foreach (PngPass pass in PngPass.Of(this))
            {
                total += pass.Width == 0 ? 0 : (RowBytes(pass.Width) + 1) * pass.Height;
            }

            return total;
        }
    }

    internal static PngHeader Read(in PictureBytes bytes, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 13)
        {
            throw bytes.Damaged($"its IHDR chunk has {chunk.Length} bytes, expected 13");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        PictureLimits.Check(bytes.File, bytes.Format, width, height);
        (int depth, int color) = (chunk[8], chunk[9]);
        bool known = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!known || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            throw bytes.Damaged(
                $"its header claims colour type {color}, {depth} bits, methods {chunk[10]}, {chunk[11]}, {chunk[12]}");
        }

        return new PngHeader((int)width, (int)height, depth, (PngColor)color, chunk[12] == 1);
    }
}

/// <summary>One pass over the picture: every pixel, or one of Adam7's seven sparse grids.</summary>
internal readonly record struct PngPass(int Left, int Top, int StepX, int StepY, int Width, int Height)
{
    internal static PngPass[] Of(in PngHeader header) => header.Interlaced
        ?
        [
            Grid(header, 0, 0, 8, 8),
            Grid(header, 4, 0, 8, 8),
            Grid(header, 0, 4, 4, 8),
            Grid(header, 2, 0, 4, 4),
            Grid(header, 0, 2, 2, 4),
            Grid(header, 1, 0, 2, 2),
            Grid(header, 0, 1, 1, 2),
        ]
        : [Grid(header, 0, 0, 1, 1)];

    private static PngPass Grid(in PngHeader header, int left, int top, int stepX, int stepY) => new(
        left, top, stepX, stepY, (header.Width - left + stepX - 1) / stepX, (header.Height - top + stepY - 1) / stepY);
}
