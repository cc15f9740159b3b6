using System.Buffers.Binary;

namespace Mnn.Quantize.Imaging.Tga;

/// <summary>The 18 bytes at the start of a TGA file (Truevision TGA 2.0, section "TGA FILE HEADER").</summary>
internal readonly record struct TgaHeader(
    int IdLength, bool Indexed, int ImageType, int PaletteStart, int PaletteCount, int PaletteBits, int Width, int Height,
    int PixelBits, bool TopDown)
{
    internal const int Size = 18;

    internal bool RunLength => ImageType >= 8;

    internal bool Gray => ImageType is 3 or 11;

    /// <summary>Bits of a colour: those of the palette's entries if there is one.</summary>
    internal int ColorBits => Indexed ? PaletteBits : PixelBits;

    internal static TgaHeader Read(ReadOnlySpan<byte> head) => new(
        IdLength: head[0],
        Indexed: head[1] == 1,
        ImageType: head[2],
        PaletteStart: BinaryPrimitives.ReadUInt16LittleEndian(head[3..]),
        PaletteCount: BinaryPrimitives.ReadUInt16LittleEndian(head[5..]),
        PaletteBits: head[7],
        Width: BinaryPrimitives.ReadUInt16LittleEndian(head[12..]),
        Height: BinaryPrimitives.ReadUInt16LittleEndian(head[14..]),
        PixelBits: head[16],
        TopDown: (head[17] & 0x20) != 0);

    /// <summary>Whether bytes could be a TGA header. There is no signature, so that every field must fit.</summary>
    internal static bool IsPlausible(ReadOnlySpan<byte> head)
    {
        if (head.Length < Size || head[1] > 1)
        {
            return false;
        }

        TgaHeader header = Read(head);
        bool kind = header.Indexed
            ? header.ImageType is 1 or 9 && header.PaletteBits is 8 or 15 or 16 or 24 or 32 && header.PixelBits is 8 or 16
            : header.ImageType is 2 or 3 or 10 or 11 && header.PixelBits is 8 or 15 or 16 or 24 or 32;
        return kind && header.Width > 0 && header.Height > 0;
    }
}
