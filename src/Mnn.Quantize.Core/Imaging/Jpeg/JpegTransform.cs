using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>The inverse cosine transform of 8x8 coefficients to samples.</summary>
/// <remarks>
/// Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications" (ICASSP 1989), with
/// 12-bit constants. Their last bits, the two roundings and the order (columns first) are those of the reference's
/// decoder, so that samples equal its samples.
/// </remarks>
internal static partial class JpegTransform
{
    // Fixed-point constants, value * 4096 rounded as in the reference: half added, then cut towards zero. Ck is cos(k pi / 16).
    private const int R6 = 2217;           // sqrt2 C6
    private const int R6MinusR2 = -7567;   // -sqrt2 (C2 + C6)
    private const int R2MinusR6 = 3135;    // sqrt2 (C2 - C6)
    private const int R3 = 4816;           // sqrt2 C3
    private const int Odd7 = 1223;         // sqrt2 (-C1 + C3 + C5 - C7)
    private const int Odd5 = 8410;         // sqrt2 (C1 + C3 - C5 + C7)
    private const int Odd3 = 12586;        // sqrt2 (C1 + C3 + C5 - C7)
    private const int Odd1 = 6149;         // sqrt2 (C1 + C3 - C5 - C7)
    private const int Pair17 = -3685;      // sqrt2 (C7 - C3)
    private const int Pair35 = -10497;     // -sqrt2 (C1 + C3)
    private const int Pair37 = -8034;      // -sqrt2 (C3 + C5)
    private const int Pair15 = -1597;      // sqrt2 (C5 - C3)

    private const int ConstantBits = 12;

    /// <summary>Columns keep two extra bits.</summary>
    private const int ColumnShift = 10;

    /// <summary>Rows drop the constants' bits, the columns' extra bits and the transform's factor of 8.</summary>
    private const int RowShift = 17;

    private const int ColumnRounding = 1 << (ColumnShift - 1);

    /// <summary>Half a unit, and the offset of 128 that makes samples unsigned.</summary>
    private const int RowRounding = (1 << (RowShift - 1)) + (128 << RowShift);

    /// <summary>Transforms a block.</summary>
    /// <param name="block">64 dequantized coefficients, row-major.</param>
    /// <param name="samples">Where the block's first sample goes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    internal static void Inverse(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        if (Vector256.IsHardwareAccelerated || Vector128.IsHardwareAccelerated)
        {
            InverseVector(block, samples, stride);
        }
        else
        {
            InverseScalar(block, samples, stride);
        }
    }

    /// <summary>Transforms a block of which only the first coefficient is set: all samples are equal.</summary>
    internal static void InverseFlat(int first, Span<byte> samples, int stride)
    {
        byte level = (byte)Math.Clamp(((first + 4) >> 3) + 128, 0, 255);
        for (int y = 0; y < 8; y++)
        {
            samples.Slice(y * stride, 8).Fill(level);
        }
    }

    /// <summary>The formula, one column and one row at a time.</summary>
    internal static void InverseScalar(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        Span<int> between = stackalloc int[64];
        Span<int> line = stackalloc int[8];
        for (int x = 0; x < 8; x++)
        {
            for (int i = 0; i < 8; i++)
            {
                line[i] = block[(8 * i) + x];
            }

            Line(line, ColumnRounding, ColumnShift);
            for (int i = 0; i < 8; i++)
            {
                between[(8 * i) + x] = line[i];
            }
        }

        for (int y = 0; y < 8; y++)
        {
            Span<int> row = between.Slice(8 * y, 8);
            Line(row, RowRounding, RowShift);
            for (int i = 0; i < 8; i++)
            {
                samples[(y * stride) + i] = (byte)Math.Clamp(row[i], 0, 255);
            }
        }
    }

    private static void Line(Span<int> s, int rounding, int shift)
    {
        int shared = (s[2] + s[6]) * R6;
        int low = shared + (s[6] * R6MinusR2);
        int high = shared + (s[2] * R2MinusR6);
        int sum = ((s[0] + s[4]) << ConstantBits) + rounding;
        int difference = ((s[0] - s[4]) << ConstantBits) + rounding;
        (int even0, int even1, int even2, int even3) = (sum + high, difference + low, difference - low, sum - high);

        int all = (s[1] + s[3] + s[5] + s[7]) * R3;
        int pair17 = all + ((s[1] + s[7]) * Pair17);
        int pair35 = all + ((s[3] + s[5]) * Pair35);
        int pair37 = (s[3] + s[7]) * Pair37;
        int pair15 = (s[1] + s[5]) * Pair15;
        int odd0 = (s[1] * Odd1) + pair17 + pair15;
        int odd1 = (s[3] * Odd3) + pair35 + pair37;
        int odd2 = (s[5] * Odd5) + pair35 + pair15;
        int odd3 = (s[7] * Odd7) + pair17 + pair37;

        s[0] = (even0 + odd0) >> shift;
        s[7] = (even0 - odd0) >> shift;
        s[1] = (even1 + odd1) >> shift;
        s[6] = (even1 - odd1) >> shift;
        s[2] = (even2 + odd2) >> shift;
        s[5] = (even2 - odd2) >> shift;
        s[3] = (even3 + odd3) >> shift;
        s[4] = (even3 - odd3) >> shift;
    }
}
