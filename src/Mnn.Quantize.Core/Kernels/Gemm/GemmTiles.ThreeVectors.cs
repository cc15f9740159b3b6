using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static unsafe partial class GemmTiles<S, V>
{
    /// <summary>8 rows of C by 3 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8x3(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        V c01 = S.Load(bias + S.Width), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01, c61 = c01, c71 = c01;
        V c02 = S.Load(bias + (2 * S.Width)), c12 = c02, c22 = c02, c32 = c02, c42 = c02, c52 = c02, c62 = c02,
            c72 = c02;
        float* a3 = a + (3 * lda);
        float* a6 = a + (6 * lda);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V b2 = S.Load(b + (2 * S.Width));
            V x = S.Broadcast(*a);
            c00 = S.Fma(x, b0, c00);
            c01 = S.Fma(x, b1, c01);
            c02 = S.Fma(x, b2, c02);
            x = S.Broadcast(a[lda]);
            c10 = S.Fma(x, b0, c10);
            c11 = S.Fma(x, b1, c11);
            c12 = S.Fma(x, b2, c12);
            x = S.Broadcast(a[2 * lda]);
            c20 = S.Fma(x, b0, c20);
            c21 = S.Fma(x, b1, c21);
            c22 = S.Fma(x, b2, c22);
            x = S.Broadcast(*a3);
            c30 = S.Fma(x, b0, c30);
            c31 = S.Fma(x, b1, c31);
            c32 = S.Fma(x, b2, c32);
            x = S.Broadcast(a3[lda]);
            c40 = S.Fma(x, b0, c40);
            c41 = S.Fma(x, b1, c41);
            c42 = S.Fma(x, b2, c42);
            x = S.Broadcast(a3[2 * lda]);
            c50 = S.Fma(x, b0, c50);
            c51 = S.Fma(x, b1, c51);
            c52 = S.Fma(x, b2, c52);
            x = S.Broadcast(*a6);
            c60 = S.Fma(x, b0, c60);
            c61 = S.Fma(x, b1, c61);
            c62 = S.Fma(x, b2, c62);
            x = S.Broadcast(a6[lda]);
            c70 = S.Fma(x, b0, c70);
            c71 = S.Fma(x, b1, c71);
            c72 = S.Fma(x, b2, c72);
            a3++;
            a6++;
            b += 3 * S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c01 = S.Min(high, S.Max(low, c01));
            c02 = S.Min(high, S.Max(low, c02));
            c10 = S.Min(high, S.Max(low, c10));
            c11 = S.Min(high, S.Max(low, c11));
            c12 = S.Min(high, S.Max(low, c12));
            c20 = S.Min(high, S.Max(low, c20));
            c21 = S.Min(high, S.Max(low, c21));
            c22 = S.Min(high, S.Max(low, c22));
            c30 = S.Min(high, S.Max(low, c30));
            c31 = S.Min(high, S.Max(low, c31));
            c32 = S.Min(high, S.Max(low, c32));
            c40 = S.Min(high, S.Max(low, c40));
            c41 = S.Min(high, S.Max(low, c41));
            c42 = S.Min(high, S.Max(low, c42));
            c50 = S.Min(high, S.Max(low, c50));
            c51 = S.Min(high, S.Max(low, c51));
            c52 = S.Min(high, S.Max(low, c52));
            c60 = S.Min(high, S.Max(low, c60));
            c61 = S.Min(high, S.Max(low, c61));
            c62 = S.Min(high, S.Max(low, c62));
            c70 = S.Min(high, S.Max(low, c70));
            c71 = S.Min(high, S.Max(low, c71));
            c72 = S.Min(high, S.Max(low, c72));
        }

        S.Store(c, c00);
        S.Store(c + S.Width, c01);
        S.Store(c + (2 * S.Width), c02);
        c += ldc;
        S.Store(c, c10);
        S.Store(c + S.Width, c11);
        S.Store(c + (2 * S.Width), c12);
        c += ldc;
        S.Store(c, c20);
        S.Store(c + S.Width, c21);
        S.Store(c + (2 * S.Width), c22);
        c += ldc;
        S.Store(c, c30);
        S.Store(c + S.Width, c31);
        S.Store(c + (2 * S.Width), c32);
        c += ldc;
        S.Store(c, c40);
        S.Store(c + S.Width, c41);
        S.Store(c + (2 * S.Width), c42);
        c += ldc;
        S.Store(c, c50);
        S.Store(c + S.Width, c51);
        S.Store(c + (2 * S.Width), c52);
        c += ldc;
        S.Store(c, c60);
        S.Store(c + S.Width, c61);
        S.Store(c + (2 * S.Width), c62);
        c += ldc;
        S.Store(c, c70);
        S.Store(c + S.Width, c71);
        S.Store(c + (2 * S.Width), c72);
    }

    /// <summary>1 row of C by 3 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x3(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias);
        V c01 = S.Load(bias + S.Width);
        V c02 = S.Load(bias + (2 * S.Width));
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V b2 = S.Load(b + (2 * S.Width));
            V x = S.Broadcast(*a);
            c00 = S.Fma(x, b0, c00);
            c01 = S.Fma(x, b1, c01);
            c02 = S.Fma(x, b2, c02);
            b += 3 * S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c01 = S.Min(high, S.Max(low, c01));
            c02 = S.Min(high, S.Max(low, c02));
        }

        S.Store(c, c00);
        S.Store(c + S.Width, c01);
        S.Store(c + (2 * S.Width), c02);
    }
}
