using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The innermost loops of the matrix product: a tile of C stays in registers while k runs from first to last.
/// a: row 0 of the tile's rows of A, lda apart; b: a panel of packed B, [k, vectors * width]; bias: [vectors * width];
/// c: row 0 of the tile, ldc apart. Rows are addressed in threes from one pointer (x86 scales an index by 1 and 2),
/// so that 12 rows need 4 pointers and nothing is spilled.
/// </summary>
/// <typeparam name="S">The operations.</typeparam>
/// <typeparam name="V">The vector.</typeparam>
internal static unsafe partial class GemmTiles<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>12 rows of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12x2(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00,
            c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
        V c01 = S.Load(bias + S.Width), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01,
            c81 = c01, c91 = c01, ca1 = c01, cb1 = c01;
        float* a3 = a + (3 * lda);
        float* a6 = a + (6 * lda);
        float* a9 = a + (9 * lda);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V x = S.Broadcast(*a);
            c00 = S.Fma(x, b0, c00);
            c01 = S.Fma(x, b1, c01);
            x = S.Broadcast(a[lda]);
            c10 = S.Fma(x, b0, c10);
            c11 = S.Fma(x, b1, c11);
            x = S.Broadcast(a[2 * lda]);
            c20 = S.Fma(x, b0, c20);
            c21 = S.Fma(x, b1, c21);
            x = S.Broadcast(*a3);
            c30 = S.Fma(x, b0, c30);
            c31 = S.Fma(x, b1, c31);
            x = S.Broadcast(a3[lda]);
            c40 = S.Fma(x, b0, c40);
            c41 = S.Fma(x, b1, c41);
            x = S.Broadcast(a3[2 * lda]);
            c50 = S.Fma(x, b0, c50);
            c51 = S.Fma(x, b1, c51);
            x = S.Broadcast(*a6);
            c60 = S.Fma(x, b0, c60);
            c61 = S.Fma(x, b1, c61);
            x = S.Broadcast(a6[lda]);
            c70 = S.Fma(x, b0, c70);
            c71 = S.Fma(x, b1, c71);
            x = S.Broadcast(a6[2 * lda]);
            c80 = S.Fma(x, b0, c80);
            c81 = S.Fma(x, b1, c81);
            x = S.Broadcast(*a9);
            c90 = S.Fma(x, b0, c90);
            c91 = S.Fma(x, b1, c91);
            x = S.Broadcast(a9[lda]);
            ca0 = S.Fma(x, b0, ca0);
            ca1 = S.Fma(x, b1, ca1);
            x = S.Broadcast(a9[2 * lda]);
            cb0 = S.Fma(x, b0, cb0);
            cb1 = S.Fma(x, b1, cb1);
            a3++;
            a6++;
            a9++;
            b += 2 * S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c01 = S.Min(high, S.Max(low, c01));
            c10 = S.Min(high, S.Max(low, c10));
            c11 = S.Min(high, S.Max(low, c11));
            c20 = S.Min(high, S.Max(low, c20));
            c21 = S.Min(high, S.Max(low, c21));
            c30 = S.Min(high, S.Max(low, c30));
            c31 = S.Min(high, S.Max(low, c31));
            c40 = S.Min(high, S.Max(low, c40));
            c41 = S.Min(high, S.Max(low, c41));
            c50 = S.Min(high, S.Max(low, c50));
            c51 = S.Min(high, S.Max(low, c51));
            c60 = S.Min(high, S.Max(low, c60));
            c61 = S.Min(high, S.Max(low, c61));
            c70 = S.Min(high, S.Max(low, c70));
            c71 = S.Min(high, S.Max(low, c71));
            c80 = S.Min(high, S.Max(low, c80));
            c81 = S.Min(high, S.Max(low, c81));
            c90 = S.Min(high, S.Max(low, c90));
            c91 = S.Min(high, S.Max(low, c91));
            ca0 = S.Min(high, S.Max(low, ca0));
            ca1 = S.Min(high, S.Max(low, ca1));
            cb0 = S.Min(high, S.Max(low, cb0));
            cb1 = S.Min(high, S.Max(low, cb1));
        }

        S.Store(c, c00);
        S.Store(c + S.Width, c01);
        c += ldc;
        S.Store(c, c10);
        S.Store(c + S.Width, c11);
        c += ldc;
        S.Store(c, c20);
        S.Store(c + S.Width, c21);
        c += ldc;
        S.Store(c, c30);
        S.Store(c + S.Width, c31);
        c += ldc;
        S.Store(c, c40);
        S.Store(c + S.Width, c41);
        c += ldc;
        S.Store(c, c50);
        S.Store(c + S.Width, c51);
        c += ldc;
        S.Store(c, c60);
        S.Store(c + S.Width, c61);
        c += ldc;
        S.Store(c, c70);
        S.Store(c + S.Width, c71);
        c += ldc;
        S.Store(c, c80);
        S.Store(c + S.Width, c81);
        c += ldc;
        S.Store(c, c90);
        S.Store(c + S.Width, c91);
        c += ldc;
        S.Store(c, ca0);
        S.Store(c + S.Width, ca1);
        c += ldc;
        S.Store(c, cb0);
        S.Store(c + S.Width, cb1);
    }
}
