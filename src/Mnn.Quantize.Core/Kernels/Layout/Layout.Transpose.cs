using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnn.Quantize.Kernels;

internal static unsafe partial class Layout
{
    /// <summary>Rows and columns of a block: both sides of it stay in the first-level cache.</summary>
    private const int Block = 32;

    /// <summary>x: [rows, columns], rows xStride apart; y: [columns, rows], rows yStride apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeMatrix<T>(T* x, nint xStride, T* y, nint yStride, int rows, int columns)
        where T : unmanaged
    {
        for (int row = 0; row < rows; row += Block)
        {
            int blockRows = Math.Min(Block, rows - row);
            for (int column = 0; column < columns; column += Block)
            {
                int blockColumns = Math.Min(Block, columns - column);
                T* source = x + (row * xStride) + column;
                T* target = y + (column * yStride) + row;
                if (sizeof(T) == 4 && Avx.IsSupported && blockRows >= 8 && blockColumns >= 8)
                {
                    TransposeBy8((float*)source, xStride, (float*)target, yStride, blockRows, blockColumns);
                }
                else
                {
                    TransposeBlock(source, xStride, target, yStride, blockRows, blockColumns);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBlock<T>(T* x, nint xStride, T* y, nint yStride, int rows, int columns)
        where T : unmanaged
    {
        for (int column = 0; column < columns; column++, y += yStride)
        {
            T* source = x + column;
            for (int row = 0; row < rows; row++, source += xStride)
            {
                y[row] = *source;
            }
        }
    }

    /// <summary>
    /// 8 x 8 elements at a time; at the edges the last ones overlap those before, which writes the same again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBy8(float* x, nint xStride, float* y, nint yStride, int rows, int columns)
    {
        for (int row = 0; row < rows; row += 8)
        {
            row = Math.Min(row, rows - 8);
            for (int column = 0; column < columns; column += 8)
            {
                column = Math.Min(column, columns - 8);
                Transpose8x8(x + (row * xStride) + column, xStride, y + (column * yStride) + row, yStride);
            }
        }
    }

    /// <summary>Pairs rows r and r + 1, then pairs of pairs, then the halves of 128 bits; lanes keep their bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8x8(float* x, nint xStride, float* y, nint yStride)
    {
        Vector256<float> r0 = Vector256.Load(x), r1 = Vector256.Load(x + xStride);
        Vector256<float> r2 = Vector256.Load(x + (2 * xStride)), r3 = Vector256.Load(x + (3 * xStride));
        Vector256<float> r4 = Vector256.Load(x + (4 * xStride)), r5 = Vector256.Load(x + (5 * xStride));
        Vector256<float> r6 = Vector256.Load(x + (6 * xStride)), r7 = Vector256.Load(x + (7 * xStride));
        (Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3) = Quads(r0, r1, r2, r3);
        (Vector256<float> b0, Vector256<float> b1, Vector256<float> b2, Vector256<float> b3) = Quads(r4, r5, r6, r7);
        Avx.Permute2x128(a0, b0, 0x20).Store(y);
        Avx.Permute2x128(a1, b1, 0x20).Store(y + yStride);
        Avx.Permute2x128(a2, b2, 0x20).Store(y + (2 * yStride));
        Avx.Permute2x128(a3, b3, 0x20).Store(y + (3 * yStride));
        Avx.Permute2x128(a0, b0, 0x31).Store(y + (4 * yStride));
        Avx.Permute2x128(a1, b1, 0x31).Store(y + (5 * yStride));
        Avx.Permute2x128(a2, b2, 0x31).Store(y + (6 * yStride));
        Avx.Permute2x128(a3, b3, 0x31).Store(y + (7 * yStride));
    }

    /// <summary>Of four rows: columns 0 and 4, 1 and 5, 2 and 6, 3 and 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> C04, Vector256<float> C15, Vector256<float> C26, Vector256<float> C37) Quads(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3)
    {
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<float> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        return (
            Avx.Shuffle(low01, low23, 0x44), Avx.Shuffle(low01, low23, 0xee),
            Avx.Shuffle(high01, high23, 0x44), Avx.Shuffle(high01, high23, 0xee));
    }
}
