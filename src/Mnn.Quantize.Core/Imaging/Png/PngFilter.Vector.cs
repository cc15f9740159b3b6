using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>Many bytes at once; where a filter looks to the left, those of one pixel, as each pixel needs the one before it.</summary>
internal static partial class PngFilter
{
    private interface IPredictor
    {
        /// <summary>What a filter adds to a pixel, from its neighbours' samples (0 to 255).</summary>
        static abstract Vector128<short> Predict(Vector128<short> left, Vector128<short> up, Vector128<short> corner);
    }

    private readonly struct LeftPredictor : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> up, Vector128<short> corner) => left;
    }

    private readonly struct AveragePredictor : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> up, Vector128<short> corner) =>
            (left + up) >> 1;
    }

    private readonly struct PaethPredictor : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> up, Vector128<short> corner)
        {
            Vector128<short> vertical = up - corner;
            Vector128<short> horizontal = left - corner;
            Vector128<short> toLeft = Vector128.Abs(vertical);
            Vector128<short> toUp = Vector128.Abs(horizontal);
            Vector128<short> least = Vector128.Min(Vector128.Min(toLeft, toUp), Vector128.Abs(vertical + horizontal));
            return Vector128.ConditionalSelect(
                Vector128.Equals(toLeft, least),
                left,
                Vector128.ConditionalSelect(Vector128.Equals(toUp, least), up, corner));
        }
    }

    /// <summary>Undoes a filter for pixels of 1 to 4 bytes, as far as whole words can be read.</summary>
    /// <returns>Bytes done; 0 for larger pixels.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ByPixels<TPredictor>(Span<byte> row, ReadOnlySpan<byte> above, int distance)
        where TPredictor : IPredictor
    {
        if (!Vector128.IsHardwareAccelerated || distance > sizeof(uint))
        {
            return 0;
        }

        // Words lie within the row, and within the row above, which is as long.
        ref byte pixels = ref MemoryMarshal.GetReference(row);
        ref byte aboves = ref MemoryMarshal.GetReference(above);
        Vector128<short> left = Vector128<short>.Zero;
        Vector128<short> corner = Vector128<short>.Zero;
        nint i = 0;
        for (; i <= row.Length - sizeof(uint); i += distance)
        {
            ref byte pixel = ref Unsafe.Add(ref pixels, i);
            Vector128<short> up = Samples(ref Unsafe.Add(ref aboves, i));
            left = (Samples(ref pixel) + TPredictor.Predict(left, up, corner)) & Vector128.Create((short)byte.MaxValue);
            corner = up;
            uint word = Vector128.Narrow(left.AsUInt16(), left.AsUInt16()).AsUInt32().ToScalar();

            // What is behind the pixel belongs to the next one, which is filtered still.
            switch (distance)
            {
                case 4:
                    Unsafe.WriteUnaligned(ref pixel, word);
                    break;
                case 3:
                    Unsafe.WriteUnaligned(ref pixel, (ushort)word);
                    Unsafe.Add(ref pixel, 2) = (byte)(word >> 16);
                    break;
                case 2:
                    Unsafe.WriteUnaligned(ref pixel, (ushort)word);
                    break;
                default:
                    pixel = (byte)word;
                    break;
            }
        }

        return (int)i;
    }

    // The filter Up; returns the bytes done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ByVectors(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Samples(ref byte pixel) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte()).AsInt16();
}
