using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static unsafe partial class GemmTiles<S, V>
{
    /// <summary>6 rows of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile6x2(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00;
        V c01 = S.Load(bias + S.Width), c11 = c01, c21 = c01, c31 = c01, c41 = c01, c51 = c01;
        float* a3 = a + (3 * lda);
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
            a3++;
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
    }

    /// <summary>4 rows of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias), c10 = c00, c20 = c00, c30 = c00;
        V c01 = S.Load(bias + S.Width), c11 = c01, c21 = c01, c31 = c01;
        float* a3 = a + (3 * lda);
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
            a3++;
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
    }

    /// <summary>1 row of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x2(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, nint k, float lo, float hi, bool clamp)
    {
        V c00 = S.Load(bias);
        V c01 = S.Load(bias + S.Width);
        for (float* end = a + k; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V x = S.Broadcast(*a);
            c00 = S.Fma(x, b0, c00);
            c01 = S.Fma(x, b1, c01);
            b += 2 * S.Width;
        }

        if (clamp)
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            c00 = S.Min(high, S.Max(low, c00));
            c01 = S.Min(high, S.Max(low, c01));
        }

        S.Store(c, c00);
        S.Store(c + S.Width, c01);
    }
}
