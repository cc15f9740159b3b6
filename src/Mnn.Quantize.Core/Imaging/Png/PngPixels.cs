namespace Mnn.Quantize.Imaging.Png;

/// <summary>Turns raw rows of any colour type and depth into packed pixels.</summary>
internal sealed partial class PngPixels
{
    private readonly PngHeader _header;
    private readonly ushort[] _transparent;

    /// <summary>The pixel of each sample value, for gray of up to 8 bits and palettes.</summary>
    private readonly uint[] _colors;

    internal PngPixels(PngChunks chunks)
    {
        _header = chunks.Header;
        _transparent = chunks.Transparent;
        _colors = _header switch
        {
            { Color: PngColor.Palette } => chunks.Palette,
            { Color: PngColor.Gray, Depth: <= 8 } => GrayLevels(),
            _ => [],
        };
    }

    /// <summary>Writes one row.</summary>
    /// <param name="raw">The unfiltered row.</param>
    /// <param name="count">Pixels in it.</param>
    /// <param name="pixels">The picture's row, from the pass's first pixel on.</param>
    /// <param name="step">Distance between the pixels written.</param>
    /// <returns>False if a palette index has no colour.</returns>
    internal bool Write(ReadOnlySpan<byte> raw, int count, Span<uint> pixels, int step)
    {
        switch (_header)
        {
            case { Color: PngColor.Gray, Depth: <= 8 } or { Color: PngColor.Palette }:
                return WriteIndexed(raw, count, pixels, step);
            case { Color: PngColor.Rgb, Depth: 8 }:
                WriteRgb8(raw, count, pixels, step);
                return true;
            default:
                WriteGeneral(raw, count, pixels, step);
                return true;
        }
    }

    private uint[] GrayLevels()
    {
        int maximum = (1 << _header.Depth) - 1;
        var levels = new uint[maximum + 1];
        for (int i = 0; i <= maximum; i++)
        {
            bool clear = _transparent.Length > 0 && _transparent[0] == i;
            levels[i] = PackedPixel.Gray(i * 255 / maximum, clear ? 0 : 255);
        }

        return levels;
    }

    private bool WriteIndexed(ReadOnlySpan<byte> raw, int count, Span<uint> pixels, int step)
    {
        ReadOnlySpan<uint> colors = _colors;
        int depth = _header.Depth;
        int mask = (1 << depth) - 1;
        for (int x = 0; x < count; x++)
        {
            int bit = x * depth;
            int index = (raw[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
            if (index >= colors.Length)
            {
                return false;
            }

            pixels[x * step] = colors[index];
        }

        return true;
    }

    private void WriteRgb8(ReadOnlySpan<byte> raw, int count, Span<uint> pixels, int step)
    {
        uint clear = _transparent.Length == 3
            ? PackedPixel.Pack(_transparent[0], _transparent[1], _transparent[2])
            : PackedPixel.Pack(0, 0, 0, 0); // never equal to an opaque pixel
        int done = step == 1 && _transparent.Length == 0 ? SpreadRgb(raw, pixels[..count]) : 0;
        for (int x = done; x < count; x++)
        {
            uint pixel = PackedPixel.Pack(raw[3 * x], raw[(3 * x) + 1], raw[(3 * x) + 2]);
            pixels[x * step] = pixel == clear ? PackedPixel.WithAlpha(pixel, 0) : pixel;
        }
    }

    /// <summary>8 bits with alpha, and 16 bits, of which the high byte stays.</summary>
    private void WriteGeneral(ReadOnlySpan<byte> raw, int count, Span<uint> pixels, int step)
    {
        int channels = _header.Channels;
        int bytes = _header.Depth / 8;
        for (int x = 0; x < count; x++)
        {
            ReadOnlySpan<byte> pixel = raw.Slice(x * channels * bytes, channels * bytes);
            int alpha = (channels & 1) == 0 ? pixel[(channels - 1) * bytes] : IsTransparent(pixel) ? 0 : 255;
            pixels[x * step] = channels <= 2
                ? PackedPixel.Gray(pixel[0], alpha)
                : PackedPixel.Pack(pixel[0], pixel[bytes], pixel[2 * bytes], alpha);
        }
    }

    private bool IsTransparent(ReadOnlySpan<byte> pixel)
    {
        bool equal = _transparent.Length > 0;
        for (int i = 0; equal && i < _transparent.Length; i++)
        {
            equal = ((pixel[2 * i] << 8) | pixel[(2 * i) + 1]) == _transparent[i];
        }

        return equal;
    }
}
