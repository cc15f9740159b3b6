using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging;

/// <summary>Packed pixels to floats: picks channels, subtracts means, multiplies by factors.</summary>
internal readonly struct PixelNormalizer
{
    // The reference's weights of gray; they sum up to 64.
    private const int GrayRed = 19;
    private const int GrayGreen = 38;
    private const int GrayBlue = 7;
    private const int GrayShift = 6;

    private readonly int _channels;
    private readonly bool _gray;
    private readonly bool _swap;
    private readonly Vector128<float> _mean;
    private readonly Vector128<float> _normal;

    internal PixelNormalizer(ImageProcessOptions options)
    {
        _channels = options.Channels;
        _gray = options.Format == PixelFormat.Gray;
        _swap = options.Format is PixelFormat.Bgr or PixelFormat.Bgra;
        _mean = Vector128.Create(options.MeanOf(0), options.MeanOf(1), options.MeanOf(2), options.MeanOf(3));
        _normal = Vector128.Create(options.NormalOf(0), options.NormalOf(1), options.NormalOf(2), options.NormalOf(3));
    }

    /// <summary>Writes pixels channel after channel.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="destination">Where the first channel of the first pixel goes.</param>
    /// <param name="plane">Elements from channel to channel.</param>
    internal void WritePlanes(ReadOnlySpan<uint> pixels, Span<float> destination, int plane)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            Span<float> target = destination.Slice(channel * plane, pixels.Length);
            int done = Vector128.IsHardwareAccelerated ? WritePlaneVector(pixels, channel, target) : 0;
            for (int i = done; i < target.Length; i++)
            {
                target[i] = Value(pixels[i], channel);
            }
        }
    }

    /// <summary>Writes pixels one after the other, all channels of a pixel together.</summary>
    internal void WriteInterleaved(ReadOnlySpan<uint> pixels, Span<float> destination)
    {
        if (_channels == 1)
        {
            WritePlanes(pixels, destination, pixels.Length);
            return;
        }

        int done = Vector128.IsHardwareAccelerated ? WriteInterleavedVector(pixels, destination) : 0;
        for (int i = done; i < pixels.Length; i++)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                destination[(i * _channels) + channel] = Value(pixels[i], channel);
            }
        }
    }

    /// <summary>The formula: one channel of one pixel.</summary>
    internal float Value(uint pixel, int channel)
    {
        int sample = _gray
            ? (int)(((pixel & 255) * GrayRed) + (((pixel >> 8) & 255) * GrayGreen) + (((pixel >> 16) & 255) * GrayBlue)) >> GrayShift
            : (int)(pixel >> ShiftOf(channel)) & 255;
        return (sample - _mean[channel]) * _normal[channel];
    }

    /// <summary>Where a channel lies in a pixel: red and blue may change places.</summary>
    private int ShiftOf(int channel) => 8 * (_swap && channel != 1 && channel != 3 ? 2 - channel : channel);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int WritePlaneVector(ReadOnlySpan<uint> pixels, int channel, Span<float> target)
    {
        ref uint source = ref MemoryMarshal.GetReference(pixels);
        ref float destination = ref MemoryMarshal.GetReference(target);
        Vector256<float> mean = Vector256.Create(_mean[channel]);
        Vector256<float> normal = Vector256.Create(_normal[channel]);
        Vector256<uint> low = Vector256.Create(255u);
        int shift = ShiftOf(channel);
        int i = 0;
        for (; i <= target.Length - 8; i += 8)
        {
            Vector256<uint> pixel = Vector256.LoadUnsafe(ref source, (nuint)i);
            Vector256<uint> sample = _gray
                ? (((pixel & low) * GrayRed) + (((pixel >> 8) & low) * GrayGreen) + (((pixel >> 16) & low) * GrayBlue)) >> GrayShift
                : (pixel >> shift) & low;
            ((Vector256.ConvertToSingle(sample.AsInt32()) - mean) * normal).StoreUnsafe(ref destination, (nuint)i);
        }

        return i;
    }

    /// <summary>A lane is a channel; with three of them, the fourth lane is overwritten by the next pixel.</summary>
    private int WriteInterleavedVector(ReadOnlySpan<uint> pixels, Span<float> destination)
    {
        ref float target = ref MemoryMarshal.GetReference(destination[..(pixels.Length * _channels)]);
        int count = _channels == 4 ? pixels.Length : pixels.Length - 1;
        for (int i = 0; i < count; i++)
        {
            Vector128<int> samples = Widen(pixels[i]);
            if (_swap)
            {
                samples = Vector128.Shuffle(samples, Vector128.Create(2, 1, 0, 3));
            }

            ((Vector128.ConvertToSingle(samples) - _mean) * _normal).StoreUnsafe(ref target, (nuint)(i * _channels));
        }

        return Math.Max(0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();
}
