using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class GemmInt8
{
    private const int RowTile = 12;

    /// <summary>Elements of k that are widened at a time.</summary>
    private const int DepthBlock = 512;

    private const int WidestPanel = 32;

    /// <summary>Tiles of rows outside, blocks of k inside, which are widened once for all panels of B innermost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void MultiplyVector<S, V>(in Product p)
        where S : struct, ISimdInt8<V>
        where V : struct
    {
        int* wide = stackalloc int[RowTile * DepthBlock / 2];
        int* edge = stackalloc int[RowTile * WidestPanel];
        int tallest = S.Width == 16 ? RowTile : RowTile / 2, allPairs = (p.K + 1) / 2;
        for (int i = 0; i < p.M;)
        {
            int rows = p.M - i >= tallest ? tallest : p.M - i >= 6 ? 6 : 1;
            for (int l = 0; l < p.K; l += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, p.K - l), pairs = (depth + 1) / 2;
                Widen(p.A + (i * p.Lda) + l, p.Lda, rows, depth, (short*)wide, 2 * pairs);
                for (int j = 0; j < p.N; j += 2 * S.Width)
                {
                    int width = p.N - j > S.Width ? 2 * S.Width : S.Width, columns = Math.Min(width, p.N - j);
                    int* b = (int*)p.B + ((nint)j * allPairs) + (l / 2 * width);
                    int* c = p.C + (i * p.Ldc) + j;
                    if (columns == width)
                    {
                        Tile<S, V>(wide, pairs, b, c, p.Ldc, rows, width);
                    }
                    else
                    {
                        CopyTile(c, p.Ldc, edge, width, rows, columns);
                        Tile<S, V>(wide, pairs, b, edge, width, rows, width);
                        CopyTile(edge, width, c, p.Ldc, rows, columns);
                    }
                }
            }

            i += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Tile<S, V>(int* a, nint pairs, int* b, int* c, nint ldc, int rows, int width)
        where S : struct, ISimdInt8<V>
        where V : struct
    {
        if (width == S.Width)
        {
            for (; rows >= 6; rows -= 6, a += 6 * pairs, c += 6 * ldc)
            {
                GemmInt8Tiles<S, V>.Tile6x1(a, pairs, b, c, ldc, pairs);
            }

            for (; rows > 0; rows--, a += pairs, c += ldc)
            {
                GemmInt8Tiles<S, V>.Tile1x1(a, pairs, b, c, ldc, pairs);
            }
        }
        else if (rows == RowTile)
        {
            GemmInt8Tiles<S, V>.Tile12x2(a, pairs, b, c, ldc, pairs);
        }
        else if (rows == 6)
        {
            GemmInt8Tiles<S, V>.Tile6x2(a, pairs, b, c, ldc, pairs);
        }
        else
        {
            GemmInt8Tiles<S, V>.Tile1x2(a, pairs, b, c, ldc, pairs);
        }
    }

    /// <summary>8-bit integers to 16-bit ones, rows stride apart; an odd last one gets a zero beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Widen(sbyte* a, nint lda, int rows, int depth, short* wide, int stride)
    {
        for (int r = 0; r < rows; r++, a += lda, wide += stride)
        {
            wide[stride - 1] = 0;
            int i = 0;
            for (; i <= depth - 16; i += 16)
            {
                (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(a + i));
                low.Store(wide + i);
                high.Store(wide + i + 8);
            }

            for (; i < depth; i++)
            {
                wide[i] = a[i];
            }
        }
    }

    private static unsafe void CopyTile(int* source, nint sourceStride, int* target, nint targetStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, source += sourceStride, target += targetStride)
        {
            new Span<int>(source, columns).CopyTo(new Span<int>(target, columns));
        }
    }
}
