using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging;

/// <summary>
/// Samples a picture along a line, bilinear, to whole grey levels: all four channels, alpha too, cut and not rounded, as
/// the reference does on x86-64. Products and sums are rounded one by one, in one order, without fused multiply-add.
/// </summary>
internal static class BilinearSampler
{
    /// <summary>Positions are counted up over so many pixels before they are computed afresh (the reference's tile).</summary>
    internal const int Tile = 512;

    /// <summary>Samples a line.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="start">Position of the first pixel; what lies outside of the picture takes its border.</param>
    /// <param name="step">From pixel to pixel.</param>
    /// <param name="destination">The pixels.</param>
    internal static void Sample(Picture picture, (float X, float Y) start, (float X, float Y) step, Span<uint> destination)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            SampleVector(picture, start, step, destination);
        }
        else
        {
            SampleScalar(picture, start, step, destination);
        }
    }

    /// <summary>The formula, one channel at a time.</summary>
    internal static void SampleScalar(Picture picture, (float X, float Y) start, (float X, float Y) step, Span<uint> destination)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        (float x, float y) = start;
        for (int i = 0; i < destination.Length; i++, x += step.X, y += step.Y)
        {
            var across = new Neighbours(x, picture.Width);
            var down = new Neighbours(y, picture.Height);
            int first = (down.Index * picture.Width) + across.Index;
            int below = first + (down.Next * picture.Width);
            uint sampled = 0;
            for (int shift = 0; shift < 32; shift += 8)
            {
                float value = (1 - across.Fraction) * (1 - down.Fraction) * Channel(pixels[first], shift);
                value += across.Fraction * (1 - down.Fraction) * Channel(pixels[first + across.Next], shift);
                value += down.Fraction * (1 - across.Fraction) * Channel(pixels[below], shift);
                value += across.Fraction * down.Fraction * Channel(pixels[below + across.Next], shift);
                sampled |= (uint)Math.Min(value, 255) << shift;
            }

            destination[i] = sampled;
        }

        static float Channel(uint pixel, int shift) => (pixel >> shift) & 255;
    }

    /// <summary>
    /// A lane is a channel. Lines are level, but for rounding in rare sizes: what depends on y is computed again only
    /// where y moves. No index can leave the picture, since <see cref="Neighbours"/> clamps it.
    /// </summary>
    internal static void SampleVector(Picture picture, (float X, float Y) start, (float X, float Y) step, Span<uint> destination)
    {
        int width = picture.Width;
        ref uint pixels = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(picture.Pixels));
        Vector128<float> white = Vector128.Create(255f);
        (float x, float y) = start;
        var down = new Neighbours(y, picture.Height);
        for (int i = 0; i < destination.Length; i++)
        {
            var across = new Neighbours(x, width);
            ref uint first = ref Unsafe.Add(ref pixels, (down.Index * width) + across.Index);
            ref uint below = ref Unsafe.Add(ref first, down.Next * width);
            float left = 1 - across.Fraction;
            float top = 1 - down.Fraction;
            Vector128<float> value = Load(first) * (left * top);
            value += Load(Unsafe.Add(ref first, across.Next)) * (across.Fraction * top);
            value += Load(below) * (down.Fraction * left);
            value += Load(Unsafe.Add(ref below, across.Next)) * (across.Fraction * down.Fraction);
            Vector128<int> levels = Vector128.ConvertToInt32Native(Vector128.Min(value, white));
            Vector128<short> words = Vector128.NarrowWithSaturation(levels, levels);
            destination[i] = Vector128.NarrowWithSaturation(words.AsUInt16(), words.AsUInt16()).AsUInt32().ToScalar();
            x += step.X;
            if (step.Y != 0)
            {
                y += step.Y;
                down = new Neighbours(y, picture.Height);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(uint pixel) => Vector128.ConvertToSingle(
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32());

    /// <summary>The pixel before a position on one axis, how far beyond it the position is, and whether the next one counts.</summary>
    private readonly struct Neighbours
    {
        internal readonly int Index;

        /// <summary>1, or 0 on a whole position: the next pixel has weight 0 there and may not exist.</summary>
        internal readonly int Next;

        internal readonly float Fraction;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Neighbours(float position, int count)
        {
            position = float.MaxNative(float.MinNative(position, count - 1), 0);
            Index = float.ConvertToIntegerNative<int>(position);
            Fraction = position - Index;
            Next = Fraction > 0 ? 1 : 0;
        }
    }
}
