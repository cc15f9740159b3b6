using System.Runtime.CompilerServices;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging;

/// <summary>
/// From a picture to a model's input, as the reference does it: centre crop, bilinear warp that puts corner pixels on
/// corner pixels (to whole grey levels), choice of channels, <c>(sample - mean) * normal</c>.
/// </summary>
public static class ImageProcess
{
    /// <summary>Converts one picture. Allocates nothing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="options">What to make of it.</param>
    /// <param name="destination">
    /// The input, <see cref="ImageProcessOptions.ElementCount"/> elements: [C, H, W] or [H, W, C].
    /// </param>
    /// <param name="channelsFirst">Whether channels come first ([C, H, W]) or last ([H, W, C]).</param>
    /// <exception cref="QuantizeException">MNNQ3010: the crop leaves nothing; MNNQ3011: an option is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void Convert(Picture picture, ImageProcessOptions options, Span<float> destination, bool channelsFirst)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (destination.Length < (long)options.Channels * options.Width * options.Height)
        {
            throw new ArgumentException(
                $"{destination.Length} elements can't hold {options.Channels} x {options.Height} x {options.Width}.", nameof(destination));
        }

        PictureArea source = PictureArea.Source(picture.Width, picture.Height, options);
        PictureArea target = PictureArea.Target(source, options);
        var normalizer = new PixelNormalizer(options);
        var writer = new Writer(destination, options, normalizer, channelsFirst);
        if (target.Width < options.Width || target.Height < options.Height)
        {
            writer.Pad(options);
        }

        if (options.Resize == ResizeMode.Pad)
        {
            CopyArea(picture, source, target, writer);
            return;
        }

        Warp warp = Warp.Between(source, target.Width, target.Height);
        WriteArea(picture, warp, target, writer);
    }

    // Pixel by pixel: both areas have one size.
    private static void CopyArea(Picture picture, in PictureArea source, in PictureArea target, scoped in Writer writer)
    {
        for (int y = 0; y < target.Height; y++)
        {
            writer.Write(picture.Row(source.Top + y).Slice(source.Left, target.Width), target.Left, target.Top + y);
        }
    }

    [SkipLocalsInit]
    private static void WriteArea(Picture picture, in Warp warp, in PictureArea target, scoped in Writer writer)
    {
        // Without scaling the reference reads rows as they are, if the picture has all of them.
        bool copy = warp.IsIdentity && picture.Width >= target.Width && picture.Height >= target.Height;
        Span<uint> sampled = stackalloc uint[BilinearSampler.Tile];
        for (int y = 0; y < target.Height; y++)
        {
            if (copy)
            {
                writer.Write(picture.Row(y)[..target.Width], target.Left, target.Top + y);
                continue;
            }

            for (int x = 0; x < target.Width; x += BilinearSampler.Tile)
            {
                Span<uint> pixels = sampled[..Math.Min(BilinearSampler.Tile, target.Width - x)];
                (float X, float Y) start = warp.Map(x, y);
                (float X, float Y) end = warp.Map(x + pixels.Length, y);
                BilinearSampler.Sample(
                    picture, start, ((end.X - start.X) / pixels.Length, (end.Y - start.Y) / pixels.Length), pixels);
                writer.Write(pixels, target.Left + x, target.Top + y);
            }
        }
    }

    /// <summary>Knows where a pixel's channels go.</summary>
    private readonly ref struct Writer(
        Span<float> destination, ImageProcessOptions options, PixelNormalizer normalizer, bool channelsFirst)
    {
        private readonly Span<float> _destination = destination;
        private readonly PixelNormalizer _normalizer = normalizer;
        private readonly int _width = options.Width;
        private readonly int _channels = options.Channels;
        private readonly int _plane = options.Width * options.Height;
        private readonly bool _channelsFirst = channelsFirst;

        internal void Write(ReadOnlySpan<uint> pixels, int x, int y)
        {
            int first = (y * _width) + x;
            if (_channelsFirst)
            {
                _normalizer.WritePlanes(pixels, _destination[first..], _plane);
            }
            else
            {
                _normalizer.WriteInterleaved(pixels, _destination[(first * _channels)..]);
            }
        }

        internal void Pad(ImageProcessOptions options)
        {
            Span<uint> pixels = stackalloc uint[64];
            pixels.Fill(PackedPixel.Gray(options.Padding, options.Padding));
            for (int y = 0; y < options.Height; y++)
            {
                for (int x = 0; x < _width; x += pixels.Length)
                {
                    Write(pixels[..Math.Min(pixels.Length, _width - x)], x, y);
                }
            }
        }
    }
}
