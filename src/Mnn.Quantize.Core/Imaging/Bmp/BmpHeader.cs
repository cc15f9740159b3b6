using System.Numerics;

namespace Mnn.Quantize.Imaging.Bmp;

/// <summary>
/// File header and any of the info headers of a BMP file.
/// https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
/// </summary>
internal readonly record struct BmpHeader(
    int PixelOffset, int InfoSize, int Width, int Height, bool TopDown, int Bits, BmpMask Red, BmpMask Green, BmpMask Blue,
    BmpMask Alpha)
{
    internal const int FileHeaderSize = 14;
    private const int CoreInfoSize = 12;
    private const uint Rgb = 0;
    private const uint RunLength8 = 1;
    private const uint RunLength4 = 2;
    private const uint BitFields = 3;
    private const uint AlphaBitFields = 6;

    /// <summary>Bytes of a palette entry: the oldest header has no filler byte.</summary>
    internal int PaletteEntrySize => InfoSize == CoreInfoSize ? 3 : 4;

    /// <summary>Bytes of a row: rows start at multiples of 4.</summary>
    internal long RowBytes => (((long)Width * Bits) + 31) / 32 * 4;

    internal static BmpHeader Read(ref PictureBytes bytes)
    {
        bytes.Skip(10);
        uint offset = bytes.UInt32LittleEndian();
        int infoSize = (int)bytes.UInt32LittleEndian();
        bool core = infoSize == CoreInfoSize;
        long width = core ? bytes.UInt16LittleEndian() : (int)bytes.UInt32LittleEndian();
        long height = core ? bytes.UInt16LittleEndian() : (int)bytes.UInt32LittleEndian();
        PictureLimits.Check(bytes.File, bytes.Format, width, Math.Abs(height));
        bytes.Skip(2);
        int bits = bytes.UInt16LittleEndian();
        uint compression = core ? Rgb : bytes.UInt32LittleEndian();
        CheckKind(bytes, bits, compression);
        if (offset > bytes.Data.Length)
        {
            throw bytes.Truncated($"its pixels start at offset {offset}, but the file has {bytes.Data.Length} bytes");
        }

        var header = new BmpHeader(
            (int)offset, infoSize, (int)width, (int)Math.Abs(height), height < 0, bits, default, default, default, default);
        return bits is 16 or 32 ? header.WithMasks(ref bytes, compression) : header;
    }

    private static void CheckKind(in PictureBytes bytes, int bits, uint compression)
    {
        if (compression is RunLength4 or RunLength8)
        {
            throw bytes.Unsupported("run-length coding");
        }

        if (bits is not (1 or 4 or 8 or 16 or 24 or 32))
        {
            throw bytes.Unsupported($"{bits} bits a pixel");
        }

        if (compression != Rgb && (bits < 16 || compression is not (BitFields or AlphaBitFields)))
        {
            throw bytes.Unsupported($"compression {compression} with {bits} bits a pixel");
        }
    }

    /// <summary>Masks follow the first 40 bytes of the info header, whether they count as part of it or not.</summary>
    private BmpHeader WithMasks(ref PictureBytes bytes, uint compression)
    {
        if (compression == Rgb)
        {
            return Bits == 16
                ? this with { Red = new(0x7C00), Green = new(0x03E0), Blue = new(0x001F) }
                : this with { Red = new(0xFF0000), Green = new(0xFF00), Blue = new(0xFF), Alpha = new(0xFF000000) };
        }

        bytes.Seek(FileHeaderSize + 40);
        uint red = bytes.UInt32LittleEndian();
        uint green = bytes.UInt32LittleEndian();
        uint blue = bytes.UInt32LittleEndian();
        uint alpha = InfoSize >= 56 || compression == AlphaBitFields ? bytes.UInt32LittleEndian() : 0;
        if (red == 0 || green == 0 || blue == 0)
        {
            throw bytes.Damaged($"its colour masks are {red:X8}, {green:X8}, {blue:X8}");
        }

        return this with { Red = new(red), Green = new(green), Blue = new(blue), Alpha = new(alpha) };
    }
}

/// <summary>Which bits of a pixel hold a channel.</summary>
/// <param name="Bits">The mask; 0 if there is no such channel.</param>
internal readonly record struct BmpMask(uint Bits)
{
    /// <summary>The channel's value stretched to 8 bits by repeating it, as the reference does.</summary>
    internal int Extract(uint pixel)
    {
        int width = 32 - BitOperations.LeadingZeroCount(Bits) - BitOperations.TrailingZeroCount(Bits);
        uint value = (pixel & Bits) >> BitOperations.TrailingZeroCount(Bits);
        if (width >= 8)
        {
            return (int)(value >> (width - 8));
        }

        uint repeated = 0;
        for (int shift = 8 - width; shift > -width; shift -= width)
        {
            repeated |= shift >= 0 ? value << shift : value >> -shift;
        }

        return (int)repeated;
    }
}
