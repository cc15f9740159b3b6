using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnn.Quantize.Imaging.Jpeg;

internal static partial class JpegTransform
{
    /// <summary>
    /// The formula for eight columns at once: lane x of vector y is column x, row y. The second pass runs on the
    /// transposed block, and what it gives is transposed back. All sums are exact integers, equal to the scalar twin's.
    /// </summary>
    [SkipLocalsInit]
    internal static void InverseVector(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        ref short source = ref MemoryMarshal.GetReference(block[..64]);
        Rows rows;
        rows.R0 = Widen(ref source, 0);
        rows.R1 = Widen(ref source, 8);
        rows.R2 = Widen(ref source, 16);
        rows.R3 = Widen(ref source, 24);
        rows.R4 = Widen(ref source, 32);
        rows.R5 = Widen(ref source, 40);
        rows.R6 = Widen(ref source, 48);
        rows.R7 = Widen(ref source, 56);
        Lines(ref rows, ColumnRounding, ColumnShift);
        Transpose(ref rows);
        Lines(ref rows, RowRounding, RowShift);
        Transpose(ref rows);
        Store(rows.R0, samples);
        Store(rows.R1, samples[stride..]);
        Store(rows.R2, samples[(2 * stride)..]);
        Store(rows.R3, samples[(3 * stride)..]);
        Store(rows.R4, samples[(4 * stride)..]);
        Store(rows.R5, samples[(5 * stride)..]);
        Store(rows.R6, samples[(6 * stride)..]);
        Store(rows.R7, samples[(7 * stride)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(ref short source, nuint offset)
    {
        Vector128<short> row = Vector128.LoadUnsafe(ref source, offset);
        return Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(row)
            : Vector256.Create(Vector128.WidenLower(row), Vector128.WidenUpper(row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> row, Span<byte> samples)
    {
        Vector256<int> level = Vector256.Min(Vector256.Max(row, Vector256<int>.Zero), Vector256.Create(255));
        Vector128<short> words = Vector128.Narrow(level.GetLower(), level.GetUpper());
        ulong bytes = Vector128.Narrow(words, words).AsUInt64().ToScalar();
        BinaryPrimitives.WriteUInt64LittleEndian(samples, bytes);
    }

    /// <summary>See <see cref="Line"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(ref Rows s, int rounding, int shift)
    {
        Vector256<int> shared = (s.R2 + s.R6) * R6;
        Vector256<int> low = shared + (s.R6 * R6MinusR2);
        Vector256<int> high = shared + (s.R2 * R2MinusR6);
        Vector256<int> round = Vector256.Create(rounding);
        Vector256<int> sum = ((s.R0 + s.R4) << ConstantBits) + round;
        Vector256<int> difference = ((s.R0 - s.R4) << ConstantBits) + round;

        Vector256<int> all = (s.R1 + s.R3 + s.R5 + s.R7) * R3;
        Vector256<int> pair17 = all + ((s.R1 + s.R7) * Pair17);
        Vector256<int> pair35 = all + ((s.R3 + s.R5) * Pair35);
        Vector256<int> pair37 = (s.R3 + s.R7) * Pair37;
        Vector256<int> pair15 = (s.R1 + s.R5) * Pair15;
        Vector256<int> odd0 = (s.R1 * Odd1) + pair17 + pair15;
        Vector256<int> odd1 = (s.R3 * Odd3) + pair35 + pair37;
        Vector256<int> odd2 = (s.R5 * Odd5) + pair35 + pair15;
        Vector256<int> odd3 = (s.R7 * Odd7) + pair17 + pair37;

        Vector256<int> even = sum + high;
        s.R0 = (even + odd0) >> shift;
        s.R7 = (even - odd0) >> shift;
        even = difference + low;
        s.R1 = (even + odd1) >> shift;
        s.R6 = (even - odd1) >> shift;
        even = difference - low;
        s.R2 = (even + odd2) >> shift;
        s.R5 = (even - odd2) >> shift;
        even = sum - high;
        s.R3 = (even + odd3) >> shift;
        s.R4 = (even - odd3) >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Rows s)
    {
        if (!Avx2.IsSupported)
        {
            TransposeInMemory(ref s);
            return;
        }

        // Pairs of rows interleave by element, then by two elements; that leaves 4x4 quarters to put in place.
        Vector256<long> a0 = Avx2.UnpackLow(s.R0, s.R1).AsInt64();
        Vector256<long> a1 = Avx2.UnpackHigh(s.R0, s.R1).AsInt64();
        Vector256<long> a2 = Avx2.UnpackLow(s.R2, s.R3).AsInt64();
        Vector256<long> a3 = Avx2.UnpackHigh(s.R2, s.R3).AsInt64();
        Vector256<long> a4 = Avx2.UnpackLow(s.R4, s.R5).AsInt64();
        Vector256<long> a5 = Avx2.UnpackHigh(s.R4, s.R5).AsInt64();
        Vector256<long> a6 = Avx2.UnpackLow(s.R6, s.R7).AsInt64();
        Vector256<long> a7 = Avx2.UnpackHigh(s.R6, s.R7).AsInt64();
        Vector256<int> b0 = Avx2.UnpackLow(a0, a2).AsInt32();
        Vector256<int> b1 = Avx2.UnpackHigh(a0, a2).AsInt32();
        Vector256<int> b2 = Avx2.UnpackLow(a1, a3).AsInt32();
        Vector256<int> b3 = Avx2.UnpackHigh(a1, a3).AsInt32();
        Vector256<int> b4 = Avx2.UnpackLow(a4, a6).AsInt32();
        Vector256<int> b5 = Avx2.UnpackHigh(a4, a6).AsInt32();
        Vector256<int> b6 = Avx2.UnpackLow(a5, a7).AsInt32();
        Vector256<int> b7 = Avx2.UnpackHigh(a5, a7).AsInt32();
        const byte lowers = 0x20;
        const byte uppers = 0x31;
        s.R0 = Avx2.Permute2x128(b0, b4, lowers);
        s.R1 = Avx2.Permute2x128(b1, b5, lowers);
        s.R2 = Avx2.Permute2x128(b2, b6, lowers);
        s.R3 = Avx2.Permute2x128(b3, b7, lowers);
        s.R4 = Avx2.Permute2x128(b0, b4, uppers);
        s.R5 = Avx2.Permute2x128(b1, b5, uppers);
        s.R6 = Avx2.Permute2x128(b2, b6, uppers);
        s.R7 = Avx2.Permute2x128(b3, b7, uppers);
    }

    private static void TransposeInMemory(ref Rows s)
    {
        Span<int> cells = MemoryMarshal.Cast<Rows, int>(new Span<Rows>(ref s));
        for (int y = 0; y < 8; y++)
        {
            for (int x = y + 1; x < 8; x++)
            {
                (cells[(8 * y) + x], cells[(8 * x) + y]) = (cells[(8 * x) + y], cells[(8 * y) + x]);
            }
        }
    }

    private struct Rows
    {
        internal Vector256<int> R0;
        internal Vector256<int> R1;
        internal Vector256<int> R2;
        internal Vector256<int> R3;
        internal Vector256<int> R4;
        internal Vector256<int> R5;
        internal Vector256<int> R6;
        internal Vector256<int> R7;
    }
}
