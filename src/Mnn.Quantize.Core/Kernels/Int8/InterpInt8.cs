namespace Mnn.Quantize.Kernels;

/// <summary>Bilinear interpolation of int8 in fixed point, as the runtime computes it (ResizeFunction.cpp).</summary>
internal static class InterpInt8
{
    // Factors along each axis are kept in 2^-7, so what is blended along both is in 2^-14.
    private const int Unit = 1 << 7;

    /// <summary>One output pixel from four, all of the same channels.</summary>
    /// <param name="topLeft">[C]</param>
    /// <param name="topRight">[C]</param>
    /// <param name="bottomLeft">[C]</param>
    /// <param name="bottomRight">[C]</param>
    /// <param name="fx">Weight of the right ones, 0 to 1; cut to 2^-7.</param>
    /// <param name="fy">Weight of the lower ones, likewise. Both weights of an axis are cut, so they may add up to less than 1.</param>
    /// <param name="zeroIn">Zero point of the pixels.</param>
    /// <param name="zeroOut">Zero point of the result.</param>
    /// <param name="result">[C]</param>
    public static void Blend(
        ReadOnlySpan<sbyte> topLeft, ReadOnlySpan<sbyte> topRight, ReadOnlySpan<sbyte> bottomLeft,
        ReadOnlySpan<sbyte> bottomRight, float fx, float fy, int zeroIn, int zeroOut, Span<sbyte> result)
    {
        int right = (int)(fx * Unit), left = (int)((1 - fx) * Unit);
        int lower = (int)(fy * Unit), upper = (int)((1 - fy) * Unit);
        for (int c = 0; c < result.Length; c++)
        {
            // A line is kept in 16 bits, where the largest difference of two bytes, 255 * 2^7, has room.
            int top = ((topLeft[c] - zeroIn) * left) + ((topRight[c] - zeroIn) * right);
            int bottom = ((bottomLeft[c] - zeroIn) * left) + ((bottomRight[c] - zeroIn) * right);
            int value = (top * upper) + (bottom * lower);
            int half = value < 0 ? -(Unit * Unit / 2) : Unit * Unit / 2;

            // No bounds there: bytes wrap.
            sbyte steps = unchecked((sbyte)((value + half) / (Unit * Unit)));
            result[c] = unchecked((sbyte)(steps + zeroOut));
        }
    }
}
