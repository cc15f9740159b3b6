using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void InverseVector(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        ref short source = ref MemoryMarshal.GetReference(block[..64]);
        Vector256<int> r0 = Widen(ref source, 0);
        Vector256<int> r1 = Widen(ref source, 8);
        Vector256<int> r2 = Widen(ref source, 16);
        Vector256<int> r3 = Widen(ref source, 24);
        Vector256<int> r4 = Widen(ref source, 32);
        Vector256<int> r5 = Widen(ref source, 40);
        Vector256<int> r6 = Widen(ref source, 48);
        Vector256<int> r7 = Widen(ref source, 56);
        Lines(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, ColumnRounding, ColumnShift);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Lines(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, RowRounding, RowShift);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Store(r0, samples);
        Store(r1, samples[stride..]);
        Store(r2, samples[(2 * stride)..]);
        Store(r3, samples[(3 * stride)..]);
        Store(r4, samples[(4 * stride)..]);
        Store(r5, samples[(5 * stride)..]);
        Store(r6, samples[(6 * stride)..]);
        Store(r7, samples[(7 * stride)..]);
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
    private static void Lines(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7,
        int rounding, [ConstantExpected] int shift)
    {
        Vector256<int> shared = (r2 + r6) * R6;
        Vector256<int> low = shared + (r6 * R6MinusR2);
        Vector256<int> high = shared + (r2 * R2MinusR6);
        Vector256<int> round = Vector256.Create(rounding);
        Vector256<int> sum = ((r0 + r4) << ConstantBits) + round;
        Vector256<int> difference = ((r0 - r4) << ConstantBits) + round;

        Vector256<int> all = (r1 + r3 + r5 + r7) * R3;
        Vector256<int> pair17 = all + ((r1 + r7) * Pair17);
        Vector256<int> pair35 = all + ((r3 + r5) * Pair35);
        Vector256<int> pair37 = (r3 + r7) * Pair37;
        Vector256<int> pair15 = (r1 + r5) * Pair15;
        Vector256<int> odd0 = (r1 * Odd1) + pair17 + pair15;
        Vector256<int> odd1 = (r3 * Odd3) + pair35 + pair37;
        Vector256<int> odd2 = (r5 * Odd5) + pair35 + pair15;
        Vector256<int> odd3 = (r7 * Odd7) + pair17 + pair37;

        Vector256<int> even = sum + high;
        r0 = (even + odd0) >> shift;
        r7 = (even - odd0) >> shift;
        even = difference + low;
        r1 = (even + odd1) >> shift;
        r6 = (even - odd1) >> shift;
        even = difference - low;
        r2 = (even + odd2) >> shift;
        r5 = (even - odd2) >> shift;
        even = sum - high;
        r3 = (even + odd3) >> shift;
        r4 = (even - odd3) >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        if (!Avx2.IsSupported)
        {
            TransposeInMemory(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            return;
        }

        // Pairs of rows interleave by element, then by two elements; that leaves 4x4 quarters to put in place.
        Vector256<long> a0 = Avx2.UnpackLow(r0, r1).AsInt64();
        Vector256<long> a1 = Avx2.UnpackHigh(r0, r1).AsInt64();
        Vector256<long> a2 = Avx2.UnpackLow(r2, r3).AsInt64();
        Vector256<long> a3 = Avx2.UnpackHigh(r2, r3).AsInt64();
        Vector256<long> a4 = Avx2.UnpackLow(r4, r5).AsInt64();
        Vector256<long> a5 = Avx2.UnpackHigh(r4, r5).AsInt64();
        Vector256<long> a6 = Avx2.UnpackLow(r6, r7).AsInt64();
        Vector256<long> a7 = Avx2.UnpackHigh(r6, r7).AsInt64();
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
        r0 = Avx2.Permute2x128(b0, b4, lowers);
        r1 = Avx2.Permute2x128(b1, b5, lowers);
        r2 = Avx2.Permute2x128(b2, b6, lowers);
        r3 = Avx2.Permute2x128(b3, b7, lowers);
        r4 = Avx2.Permute2x128(b0, b4, uppers);
        r5 = Avx2.Permute2x128(b1, b5, uppers);
        r6 = Avx2.Permute2x128(b2, b6, uppers);
        r7 = Avx2.Permute2x128(b3, b7, uppers);
    }

    /// <summary>For machines without AVX2: through memory, which costs less than a chain of portable shuffles.</summary>
    [SkipLocalsInit]
    private static void TransposeInMemory(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        Span<int> cells = stackalloc int[64];
        r0.CopyTo(cells);
        r1.CopyTo(cells[8..]);
        r2.CopyTo(cells[16..]);
        r3.CopyTo(cells[24..]);
        r4.CopyTo(cells[32..]);
        r5.CopyTo(cells[40..]);
        r6.CopyTo(cells[48..]);
        r7.CopyTo(cells[56..]);
        for (int y = 0; y < 8; y++)
        {
            for (int x = y + 1; x < 8; x++)
            {
                (cells[(8 * y) + x], cells[(8 * x) + y]) = (cells[(8 * x) + y], cells[(8 * y) + x]);
            }
        }

        r0 = Vector256.Create<int>(cells);
        r1 = Vector256.Create<int>(cells[8..]);
        r2 = Vector256.Create<int>(cells[16..]);
        r3 = Vector256.Create<int>(cells[24..]);
        r4 = Vector256.Create<int>(cells[32..]);
        r5 = Vector256.Create<int>(cells[40..]);
        r6 = Vector256.Create<int>(cells[48..]);
        r7 = Vector256.Create<int>(cells[56..]);
    }
}
