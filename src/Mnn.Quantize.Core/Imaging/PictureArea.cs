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

        area = options.Resize switch
        {
            ResizeMode.Crop => area.Shaped(options.Width, options.Height),
            ResizeMode.Pad => area.Within(options.Width, options.Height),
            _ => area,
        };
        return area.Centred(width, height);
    }

    /// <summary>The part of the input that the picture covers: all, or for <see cref="ResizeMode.Letterbox"/> its shape, for <see cref="ResizeMode.Pad"/> its size.</summary>
    internal static PictureArea Target(in PictureArea source, ImageProcessOptions options)
    {
        var whole = new PictureArea(0, 0, options.Width, options.Height);
        return options.Resize switch
        {
            ResizeMode.Letterbox => whole.Shaped(source.Width, source.Height).Centred(options.Width, options.Height),
            ResizeMode.Pad => whole.Within(source.Width, source.Height).Centred(options.Width, options.Height),
            _ => whole,
        };
    }

    /// <summary>The largest area of another shape inside this one.</summary>
    private PictureArea Shaped(long width, long height) => Width * height > Height * width
        ? this with { Width = (int)Math.Max(1, ((Height * width) + (height / 2)) / height) }
        : this with { Height = (int)Math.Max(1, ((Width * height) + (width / 2)) / width) };

    /// <summary>This area, no side longer than given.</summary>
    private PictureArea Within(int width, int height) =>
        this with { Width = Math.Min(Width, width), Height = Math.Min(Height, height) };

    private PictureArea Centred(int width, int height) => this with { Left = (width - Width) / 2, Top = (height - Height) / 2 };
}
