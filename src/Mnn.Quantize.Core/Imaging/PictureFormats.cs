using System.Buffers.Binary;
using Mnn.Quantize.Imaging.Tga;

namespace Mnn.Quantize.Imaging;

/// <summary>The formats that are read.</summary>
internal enum PictureFormat
{
    None,
    Jpeg,
    Png,
    Bmp,
    Gif,
    Pnm,
    Tga,
}

/// <summary>Tells formats by their first bytes.</summary>
internal static class PictureFormats
{
    internal static PictureFormat Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => PictureFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PictureFormat.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => PictureFormat.Gif,
        [(byte)'P', (byte)'5' or (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'#', ..] => PictureFormat.Pnm,
        [(byte)'B', (byte)'M', ..] when IsBmp(head) => PictureFormat.Bmp,
        _ when NameOfUnread(head) is not null => PictureFormat.None,

        // TGA has no signature: it comes last and its whole header must make sense.
        _ => TgaHeader.IsPlausible(head) ? PictureFormat.Tga : PictureFormat.None,
    };

    /// <summary>Name of a picture format that is known but not read, or null.</summary>
    internal static string? NameOfUnread(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "Photoshop (PSD)",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "WebP",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "TIFF",
        [(byte)'#', (byte)'?', (byte)'R', ..] => "Radiance HDR",
        [0x53, 0x80, 0xF6, 0x34, ..] => "Softimage PIC",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "AVIF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', ..] => "HEIF",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "JPEG XL",
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "JPEG 2000",
        [(byte)'P', (byte)'1' or (byte)'2' or (byte)'3' or (byte)'4' or (byte)'7', (byte)'\n' or (byte)' ' or (byte)'\r', ..] => "text, bitmap or PAM PNM",
        _ => null,
    };

    /// <summary>"BM" also starts text: the header size at offset 14 must be one that exists.</summary>
    private static bool IsBmp(ReadOnlySpan<byte> head) =>
        head.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;
}
