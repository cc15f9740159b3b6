using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Imaging;

/// <summary>
/// A pixel as one 32-bit word, red in its lowest byte, alpha in its highest. On little-endian machines, the only ones
/// this runs on, its bytes in memory are red, green, blue, alpha.
/// </summary>
internal static class PackedPixel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Pack(int red, int green, int blue, int alpha = 255) =>
        (uint)(red | (green << 8) | (blue << 16) | (alpha << 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Gray(int level, int alpha = 255) => Pack(level, level, level, alpha);

    internal static uint WithAlpha(uint pixel, int alpha) => (pixel & 0x00FFFFFF) | ((uint)alpha << 24);
}
