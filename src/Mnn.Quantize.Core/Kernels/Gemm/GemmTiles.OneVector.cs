using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static unsafe partial class GemmTiles<S, V>
{
    /// <summary>12 rows of C by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12x1(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00,
            c80 = c00, c90 = c00, ca0 = c00, cb0 = c00;
        float* a3 = a + (3 * lda);
        float* a6 = a + (6 * lda);
        float* a9 = a + (9 * lda);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            c00 = S.Fma(S.Broadcast(*a), b0, c00);
            c10 = S.Fma(S.Broadcast(a[lda]), b0, c10);
            c20 = S.Fma(S.Broadcast(a[2 * lda]), b0, c20);
            c30 = S.Fma(S.Broadcast(*a3), b0, c30);
            c40 = S.Fma(S.Broadcast(a3[lda]), b0, c40);
            c50 = S.Fma(S.Broadcast(a3[2 * lda]), b0, c50);
            c60 = S.Fma(S.Broadcast(*a6), b0, c60);
            c70 = S.Fma(S.Broadcast(a6[lda]), b0, c70);
            c80 = S.Fma(S.Broadcast(a6[2 * lda]), b0, c80);
            c90 = S.Fma(S.Broadcast(*a9), b0, c90);
            ca0 = S.Fma(S.Broadcast(a9[lda]), b0, ca0);
            cb0 = S.Fma(S.Broadcast(a9[2 * lda]), b0, cb0);
            a3++;
            a6++;
            a9++;
            b += S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c10 = S.Min(high, S.Max(low, c10));
            c20 = S.Min(high, S.Max(low, c20));
            c30 = S.Min(high, S.Max(low, c30));
            c40 = S.Min(high, S.Max(low, c40));
            c50 = S.Min(high, S.Max(low, c50));
            c60 = S.Min(high, S.Max(low, c60));
            c70 = S.Min(high, S.Max(low, c70));
            c80 = S.Min(high, S.Max(low, c80));
            c90 = S.Min(high, S.Max(low, c90));
            ca0 = S.Min(high, S.Max(low, ca0));
            cb0 = S.Min(high, S.Max(low, cb0));
        }

        S.Store(c, c00);
        c += ldc;
        S.Store(c, c10);
        c += ldc;
        S.Store(c, c20);
        c += ldc;
        S.Store(c, c30);
        c += ldc;
        S.Store(c, c40);
        c += ldc;
        S.Store(c, c50);
        c += ldc;
        S.Store(c, c60);
        c += ldc;
        S.Store(c, c70);
        c += ldc;
        S.Store(c, c80);
        c += ldc;
        S.Store(c, c90);
        c += ldc;
        S.Store(c, ca0);
        c += ldc;
        S.Store(c, cb0);
    }

    /// <summary>4 rows of C by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x1(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00;
        float* a3 = a + (3 * lda);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            c00 = S.Fma(S.Broadcast(*a), b0, c00);
            c10 = S.Fma(S.Broadcast(a[lda]), b0, c10);
            c20 = S.Fma(S.Broadcast(a[2 * lda]), b0, c20);
            c30 = S.Fma(S.Broadcast(*a3), b0, c30);
            a3++;
            b += S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c10 = S.Min(high, S.Max(low, c10));
            c20 = S.Min(high, S.Max(low, c20));
            c30 = S.Min(high, S.Max(low, c30));
        }

        S.Store(c, c00);
        c += ldc;
        S.Store(c, c10);
        c += ldc;
        S.Store(c, c20);
        c += ldc;
        S.Store(c, c30);
    }

    /// <summary>1 row of C by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x1(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            c00 = S.Fma(S.Broadcast(*a), b0, c00);
            b += S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
        }

        S.Store(c, c00);
    }
}
