using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class Gemm
{
    /// <summary>Bytes of A that are worked through panel by panel: a part of the second-level cache.</summary>
    private const int BlockBytes = 256 * 1024;

    private const int WidestPanel = 32;

    /// <summary>Blocks of rows of A outside, panels of B inside them, tiles of rows innermost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Multiply<S, V>(in Product p)
        where S : struct, ISimd<V>
        where V : struct
    {
        int panel = 2 * S.Width;
        int unit = S.Width == 16 ? 8 : S.Width;
        int padded = (p.N + unit - 1) / unit * unit;
        int blockRows = Math.Max(1, BlockBytes / sizeof(float) / RowTile / Math.Max(p.K, 1)) * RowTile;
        float* bias = stackalloc float[WidestPanel];
        new Span<float>(bias, WidestPanel).Clear();
        float* edge = stackalloc float[RowTile * WidestPanel];
        for (int i = 0; i < p.M; i += blockRows)
        {
            int rows = Math.Min(blockRows, p.M - i);
            for (int j = 0; j < p.N; j += panel)
            {
                int width = Math.Min(panel, padded - j);
                int start = PanelStart(j, width, p.N);
                int columns = Math.Min(width, p.N - start);
                float* panelBias = bias;
                if (p.Bias != null)
                {
                    panelBias = columns == width ? p.Bias + start : bias;
                    if (columns < width)
                    {
                        new Span<float>(p.Bias + start, columns).CopyTo(new Span<float>(bias, columns));
                    }
                }

                float* b = p.B + ((nint)j * p.K);
                float* a = p.A + (i * p.Lda);
                float* c = p.C + (i * p.Ldc) + start;
                for (int r = 0; r < rows;)
                {
                    bool whole = columns == width;
                    float* target = whole ? c : edge;
                    nint stride = whole ? p.Ldc : width;
                    int done = Tile<S, V>(a, b, panelBias, target, stride, rows - r, width, p);
                    if (!whole)
                    {
                        CopyTile(edge, width, c, p.Ldc, done, columns);
                    }

                    r += done;
                    a += done * p.Lda;
                    c += done * p.Ldc;
                }
            }
        }
    }

    /// <summary>Computes one tile with the tallest kernel that fits, and tells its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Tile<S, V>(
        float* a, float* b, float* bias, float* c, nint ldc, int rows, int width, in Product p)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (width == 2 * S.Width)
        {
            return TwoVectors<S, V>(a, b, bias, c, ldc, rows, p);
        }

        if (width == S.Width)
        {
            return OneVector<S, V>(a, b, bias, c, ldc, rows, p);
        }

        return width == 8
            ? OneVector<Simd256, Vector256<float>>(a, b, bias, c, ldc, rows, p)
            : ThreeVectors(a, b, bias, c, ldc, rows, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int TwoVectors<S, V>(
        float* a, float* b, float* bias, float* c, nint ldc, int rows, in Product p)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (S.Width == 16 && rows >= 12)
        {
            GemmTiles<S, V>.Tile12x2(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 12;
        }

        if (rows >= 6)
        {
            GemmTiles<S, V>.Tile6x2(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 6;
        }

        if (rows >= 4)
        {
            GemmTiles<S, V>.Tile4x2(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 4;
        }

        GemmTiles<S, V>.Tile1x2(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int OneVector<S, V>(
        float* a, float* b, float* bias, float* c, nint ldc, int rows, in Product p)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (rows >= 12)
        {
            GemmTiles<S, V>.Tile12x1(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 12;
        }

        if (rows >= 4)
        {
            GemmTiles<S, V>.Tile4x1(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 4;
        }

        GemmTiles<S, V>.Tile1x1(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
        return 1;
    }

    /// <summary>24 columns on a machine with 32 registers: three vectors of 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int ThreeVectors(float* a, float* b, float* bias, float* c, nint ldc, int rows, in Product p)
    {
        if (rows >= 8)
        {
            GemmTiles<Simd256, Vector256<float>>.Tile8x3(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
            return 8;
        }

        GemmTiles<Simd256, Vector256<float>>.Tile1x3(a, p.Lda, b, bias, c, ldc, p.K, p.Lo, p.Hi, p.Clamp);
        return 1;
    }

    /// <summary>Rows are too short to be worth a call each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void CopyTile(float* tile, int width, float* c, nint ldc, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, tile += width, c += ldc)
        {
            int i = 0;
            for (; i <= columns - 4; i += 4)
            {
                Vector128.Load(tile + i).Store(c + i);
            }

            for (; i < columns; i++)
            {
                c[i] = tile[i];
            }
        }
    }
}
