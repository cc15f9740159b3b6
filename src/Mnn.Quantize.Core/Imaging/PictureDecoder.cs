using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging.Bmp;
using Mnn.Quantize.Imaging.Gif;
using Mnn.Quantize.Imaging.Jpeg;
using Mnn.Quantize.Imaging.Png;
using Mnn.Quantize.Imaging.Pnm;
using Mnn.Quantize.Imaging.Tga;

namespace Mnn.Quantize.Imaging;

/// <summary>
/// The one door to all picture formats. The format is told by content, never by name, and pixels equal those of the
/// reference's decoder (stb_image): orientation and colour profiles are ignored, 16-bit samples keep their high byte.
/// </summary>
public static class PictureDecoder
{
    /// <summary>Bytes at a file's start that <see cref="LooksLikePicture"/> wants to see, if the file has as many.</summary>
    public const int HeadLength = 32;

    /// <summary>Decodes a picture.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="fileName">Its name, for messages only.</param>
    /// <returns>The pixels, on borrowed memory: dispose it after use.</returns>
    /// <exception cref="QuantizeException">
    /// MNNQ3001 not a picture, 3002 a format that is not read, 3003 cut short, 3004 damaged, 3005 a feature that is not
    /// read (arithmetic coding, 12-bit JPEG, run-length BMP), 3006 more than 2^28 pixels, 3007 no pixels.
    /// </exception>
    public static Picture Decode(ReadOnlySpan<byte> data, string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return PictureFormats.Detect(data) switch
        {
            PictureFormat.Jpeg => JpegDecoder.Decode(data, fileName),
            PictureFormat.Png => PngDecoder.Decode(data, fileName),
            PictureFormat.Bmp => BmpDecoder.Decode(data, fileName),
            PictureFormat.Gif => GifDecoder.Decode(data, fileName),
            PictureFormat.Pnm => PnmDecoder.Decode(data, fileName),
            PictureFormat.Tga => TgaDecoder.Decode(data, fileName),
            _ => throw (PictureFormats.NameOfUnread(data) is { } name
                ? Errors.PictureFormatUnsupported(fileName, name)
                : Errors.NotAPicture(fileName)),
        };
    }

    /// <summary>Whether a file starts like a picture that <see cref="Decode"/> reads. Nothing else of it is checked.</summary>
    /// <param name="head">The file's first <see cref="HeadLength"/> bytes, or the whole file if it is shorter.</param>
    public static bool LooksLikePicture(ReadOnlySpan<byte> head) => PictureFormats.Detect(head) != PictureFormat.None;
}
