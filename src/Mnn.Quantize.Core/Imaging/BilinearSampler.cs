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
            var corners = new Corners(x, y, picture.Width, picture.Height);
            uint sampled = 0;
            for (int shift = 0; shift < 32; shift += 8)
            {
                float value = corners.Weight00 * ((pixels[corners.Index00] >> shift) & 255);
                value += corners.Weight01 * ((pixels[corners.Index01] >> shift) & 255);
                value += corners.Weight10 * ((pixels[corners.Index10] >> shift) & 255);
                value += corners.Weight11 * ((pixels[corners.Index11] >> shift) & 255);
                sampled |= (uint)Math.Min(value, 255) << shift;
            }

            destination[i] = sampled;
        }
    }

    /// <summary>A lane is a channel.</summary>
    internal static void SampleVector(Picture picture, (float X, float Y) start, (float X, float Y) step, Span<uint> destination)
    {
        ref uint pixels = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(picture.Pixels));
        (float x, float y) = start;
        Vector128<float> white = Vector128.Create(255f);
        for (int i = 0; i < destination.Length; i++, x += step.X, y += step.Y)
        {
            var corners = new Corners(x, y, picture.Width, picture.Height);
            Vector128<float> value = Load(ref pixels, corners.Index00) * corners.Weight00;
            value += Load(ref pixels, corners.Index01) * corners.Weight01;
            value += Load(ref pixels, corners.Index10) * corners.Weight10;
            value += Load(ref pixels, corners.Index11) * corners.Weight11;
            Vector128<int> levels = Vector128.ConvertToInt32(Vector128.Min(value, white));
            Vector128<short> words = Vector128.Narrow(levels, levels);
            destination[i] = Vector128.Narrow(words, words).AsUInt32().ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(ref uint pixels, int index)
    {
        Vector128<byte> packed = Vector128.CreateScalarUnsafe(Unsafe.Add(ref pixels, index)).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(packed)).AsInt32());
    }

    /// <summary>The four pixels around a position and their weights.</summary>
    private readonly struct Corners
    {
        internal readonly int Index00;
        internal readonly int Index01;
        internal readonly int Index10;
        internal readonly int Index11;
        internal readonly float Weight00;
        internal readonly float Weight01;
        internal readonly float Weight10;
        internal readonly float Weight11;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Corners(float x, float y, int width, int height)
        {
            x = Math.Clamp(x, 0, width - 1);
            y = Math.Clamp(y, 0, height - 1);
            int left = (int)x;
            int top = (int)y;
            float right = x - left;
            float bottom = y - top;

            // On a whole position the neighbour has weight 0 and may not exist.
            int across = right > 0 ? 1 : 0;
            int down = bottom > 0 ? width : 0;
            Index00 = (top * width) + left;
            Index01 = Index00 + across;
            Index10 = Index00 + down;
            Index11 = Index10 + across;
            Weight00 = (1 - right) * (1 - bottom);
            Weight01 = right * (1 - bottom);
            Weight10 = bottom * (1 - right);
            Weight11 = right * bottom;
        }
    }
}
