using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>Rows of samples to packed pixels.</summary>
internal static class JpegColor
{
    // JFIF's matrix with 12 fractional bits: 1.402, 0.34414, 0.71414, 1.772.
    private const int CrToRed = 5743;
    private const int CbToGreen = 1410;
    private const int CrToGreen = 2925;
    private const int CbToBlue = 7258;

    internal static void FromGray(ReadOnlySpan<byte> level, Span<uint> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = PackedPixel.Gray(level[x]);
        }
    }

    internal static void FromRgb(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<uint> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = PackedPixel.Pack(red[x], green[x], blue[x]);
        }
    }

    /// <summary>Y'CbCr to RGB (JFIF 1.02, section 7), rounded like the reference's decoder: see <see cref="FromYccScalar"/>.</summary>
    internal static void FromYcc(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<uint> pixels)
    {
        int done = Vector128.IsHardwareAccelerated ? FromYccVector(y, cb, cr, pixels) : 0;
        FromYccScalar(y[done..], cb[done..], cr[done..], pixels[done..]);
    }

    /// <summary>Each chroma term is cut to 4 fractional bits on its own; the sum is rounded.</summary>
    internal static void FromYccScalar(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<uint> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            (int blue, int red) = (cb[x] - 128, cr[x] - 128);
            int luma = (y[x] << 4) + 8;
            pixels[x] = PackedPixel.Pack(
                Math.Clamp((luma + ((red * CrToRed) >> 8)) >> 4, 0, 255),
                Math.Clamp((luma + ((blue * -CbToGreen) >> 8) + ((red * -CrToGreen) >> 8)) >> 4, 0, 255),
                Math.Clamp((luma + ((blue * CbToBlue) >> 8)) >> 4, 0, 255));
        }
    }

    /// <summary>Ink is stored inverted, as Adobe does: black scales the three colours.</summary>
    internal static void FromCmyk(
        ReadOnlySpan<byte> cyan, ReadOnlySpan<byte> magenta, ReadOnlySpan<byte> yellow, ReadOnlySpan<byte> black, Span<uint> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            int k = black[x];
            pixels[x] = PackedPixel.Pack(Scale(cyan[x], k), Scale(magenta[x], k), Scale(yellow[x], k));
        }
    }

    /// <summary>Turns pixels that came from the first three components of YCCK into colours.</summary>
    internal static void InvertAndScale(ReadOnlySpan<byte> black, Span<uint> pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            uint ink = ~pixels[x];
            int k = black[x];
            pixels[x] = PackedPixel.Pack(
                Scale((int)(ink & 255), k), Scale((int)((ink >> 8) & 255), k), Scale((int)((ink >> 16) & 255), k));
        }
    }

    /// <summary>a * b / 255, rounded.</summary>
    private static int Scale(int a, int b)
    {
        int product = (a * b) + 128;
        return (product + (product >> 8)) >> 8;
    }

    private static int FromYccVector(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<uint> pixels)
    {
        int count = pixels.Length;
        ref byte lumas = ref MemoryMarshal.GetReference(y[..count]);
        ref byte blues = ref MemoryMarshal.GetReference(cb[..count]);
        ref byte reds = ref MemoryMarshal.GetReference(cr[..count]);
        ref uint target = ref MemoryMarshal.GetReference(pixels);
        int x = 0;
        for (; x <= count - 16; x += 16)
        {
            Vector128<byte> luma = Vector128.LoadUnsafe(ref lumas, (nuint)x);
            Vector128<byte> blue = Vector128.LoadUnsafe(ref blues, (nuint)x);
            Vector128<byte> red = Vector128.LoadUnsafe(ref reds, (nuint)x);
            StoreEight(Vector128.WidenLower(luma), Vector128.WidenLower(blue), Vector128.WidenLower(red), ref target, (nuint)x);
            StoreEight(Vector128.WidenUpper(luma), Vector128.WidenUpper(blue), Vector128.WidenUpper(red), ref target, (nuint)x + 8);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEight(Vector128<ushort> y, Vector128<ushort> cb, Vector128<ushort> cr, ref uint target, nuint offset)
    {
        Vector128<short> luma = (y.AsInt16() << 4) + Vector128.Create((short)8);
        Vector128<short> blue = cb.AsInt16() - Vector128.Create((short)128);
        Vector128<short> red = cr.AsInt16() - Vector128.Create((short)128);
        Vector128<short> r = ToByte(luma + Term(red, CrToRed));
        Vector128<short> g = ToByte(luma + Term(blue, -CbToGreen) + Term(red, -CrToGreen));
        Vector128<short> b = ToByte(luma + Term(blue, CbToBlue));

        // Lanes of 16 bits (g r) and (255 b) become lanes of 32 bits (255 b g r).
        Vector128<ushort> low = (r | (g << 8)).AsUInt16();
        Vector128<ushort> high = b.AsUInt16() | Vector128.Create((ushort)0xFF00);
        (Vector128.WidenLower(low) | (Vector128.WidenLower(high) << 16)).StoreUnsafe(ref target, offset);
        (Vector128.WidenUpper(low) | (Vector128.WidenUpper(high) << 16)).StoreUnsafe(ref target, offset + 4);
    }

    /// <summary>
    /// chroma * factor >> 8 in 16-bit lanes: the factor's whole multiple of 256 is taken out of the product and the
    /// rest, at most 255, times a chroma of at most 128 fits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Term(Vector128<short> chroma, int factor)
    {
        short whole = (short)(factor / 256);
        short rest = (short)(factor % 256);
        return (chroma * whole) + ((chroma * rest) >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> ToByte(Vector128<short> value) =>
        Vector128.Min(Vector128.Max(value >> 4, Vector128<short>.Zero), Vector128.Create((short)255));
}
