using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging;

/// <summary>A rectangle of whole pixels.</summary>
internal readonly record struct PictureArea(int Left, int Top, int Width, int Height)
{
    /// <summary>The part of a picture that is used: the centre crop and, for <see cref="ResizeMode.Crop"/>, the input's shape.</summary>
    internal static PictureArea Source(int width, int height, ImageProcessOptions options)
    {
        // Single precision and cut, as in the reference: that decides by a pixel.
        var area = new PictureArea(0, 0, (int)(width * options.CenterCropWidth), (int)(height * options.CenterCropHeight));
        if (area.Width < 1 || area.Height < 1)
        {
            throw Errors.CropEmpty(width, height, options.CenterCropWidth, options.CenterCropHeight);
        }

        if (options.Resize == ResizeMode.Crop)
        {
            area = area.Shaped(options.Width, options.Height);
        }

        return area.Centred(width, height);
    }

    /// <summary>The part of the input that the picture covers: all, or for <see cref="ResizeMode.Letterbox"/> its shape.</summary>
    internal static PictureArea Target(in PictureArea source, ImageProcessOptions options)
    {
        var whole = new PictureArea(0, 0, options.Width, options.Height);
        return options.Resize == ResizeMode.Letterbox
            ? whole.Shaped(source.Width, source.Height).Centred(options.Width, options.Height)
            : whole;
    }

    /// <summary>The largest area of another shape inside this one.</summary>
    private PictureArea Shaped(long width, long height) => Width * height > Height * width
        ? this with { Width = (int)Math.Max(1, ((Height * width) + (height / 2)) / height) }
        : this with { Height = (int)Math.Max(1, ((Width * height) + (width / 2)) / width) };

    private PictureArea Centred(int width, int height) => this with { Left = (width - Width) / 2, Top = (height - Height) / 2 };
}
