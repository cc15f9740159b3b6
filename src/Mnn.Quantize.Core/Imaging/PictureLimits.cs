using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging;

/// <summary>What a header may claim before memory is taken for it.</summary>
internal static class PictureLimits
{
    /// <summary>2^28 pixels are 1 GiB of RGBA, the most that one array comfortably holds.</summary>
    internal const long MaxPixels = 1L << 28;

    internal static void Check(string file, string format, long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw Errors.PictureEmpty(file, format, width, height);
        }

        // Both sides may be 32-bit values: divide instead of multiplying.
        if (width > MaxPixels / height)
        {
            throw Errors.PictureTooLarge(file, format, width, height);
        }
    }
}
