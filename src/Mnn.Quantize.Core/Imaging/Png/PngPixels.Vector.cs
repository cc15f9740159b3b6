using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>Several pixels at once.</summary>
internal sealed partial class PngPixels
{
    private const int Group = 4;

    /// <summary>Opaque pixels from red, green and blue, four from the first 12 of 16 bytes.</summary>
    /// <param name="raw">Three bytes a pixel.</param>
    /// <param name="pixels">As many pixels.</param>
    /// <returns>How many are done, from the first on: those behind which bytes are left to read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int SpreadRgb(ReadOnlySpan<byte> raw, Span<uint> pixels)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            return 0;
        }

        // Places beyond the last are 0, where alpha goes.
        Vector128<byte> places = Vector128.Create(0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        Vector128<byte> opaque = Vector128.Create(0xFF000000).AsByte();
        ref byte source = ref MemoryMarshal.GetReference(raw);
        ref byte target = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(pixels));
        int done = 0;
        for (; (3 * done) + Vector128<byte>.Count <= raw.Length && done + Group <= pixels.Length; done += Group)
        {
            Vector128<byte> read = Vector128.LoadUnsafe(ref source, (nuint)(3 * done));
            (Vector128.Shuffle(read, places) | opaque).StoreUnsafe(ref target, (nuint)(4 * done));
        }

        return done;
    }
}
