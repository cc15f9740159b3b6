using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>Many bytes at once; where a filter looks to the left, those of a pixel, as each pixel needs the one before it.</summary>
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

    /// <summary>Undoes a filter for pixels of 3 or 4 bytes, as far as whole words can be read.</summary>
    /// <returns>Bytes done; 0 for pixels of another size.</returns>
    private static int ByPixels<TPredictor>(Span<byte> row, ReadOnlySpan<byte> above, int distance)
        where TPredictor : IPredictor
    {
        if (!Vector128.IsHardwareAccelerated || distance is not (3 or 4))
        {
            return 0;
        }

        Vector128<short> left = Vector128<short>.Zero;
        Vector128<short> corner = Vector128<short>.Zero;
        int i = 0;
        for (; i <= row.Length - sizeof(uint); i += distance)
        {
            Vector128<short> up = Samples(above, i);
            left = (Samples(row, i) + TPredictor.Predict(left, up, corner)) & Vector128.Create((short)byte.MaxValue);
            corner = up;
            uint pixel = Vector128.Narrow(left.AsUInt16(), left.AsUInt16()).AsUInt32().ToScalar();
            if (distance == sizeof(uint))
            {
                MemoryMarshal.Write(row[i..], pixel);
            }
            else
            {
                // The fourth byte belongs to the next pixel, which is filtered still.
                MemoryMarshal.Write(row[i..], (ushort)pixel);
                row[i + 2] = (byte)(pixel >> 16);
            }
        }

        return i;
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
    private static Vector128<short> Samples(ReadOnlySpan<byte> bytes, int at) =>
        Vector128.WidenLower(Vector128.CreateScalar(MemoryMarshal.Read<uint>(bytes[at..])).AsByte()).AsInt16();
}
