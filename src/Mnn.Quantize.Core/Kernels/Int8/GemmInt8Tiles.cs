using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The innermost loops of the integer matrix product: a tile of C is loaded, takes the products of some pairs of k,
/// and is stored. a: pairs of 16-bit integers, rows lda pairs apart; b: a panel of packed B, [pairs, vectors * width].
/// </summary>
/// <typeparam name="S">The operations.</typeparam>
/// <typeparam name="V">The vector.</typeparam>
internal static unsafe class GemmInt8Tiles<S, V>
    where S : struct, ISimdInt8<V>
    where V : struct
{
    /// <summary>12 rows of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12x2(int* a, nint lda, int* b, int* c, nint ldc, nint pairs)
    {
        int* row = c;
        V c00 = S.Load(row), c01 = S.Load(row + S.Width);
        row += ldc;
        V c10 = S.Load(row), c11 = S.Load(row + S.Width);
        row += ldc;
        V c20 = S.Load(row), c21 = S.Load(row + S.Width);
        row += ldc;
        V c30 = S.Load(row), c31 = S.Load(row + S.Width);
        row += ldc;
        V c40 = S.Load(row), c41 = S.Load(row + S.Width);
        row += ldc;
        V c50 = S.Load(row), c51 = S.Load(row + S.Width);
        row += ldc;
        V c60 = S.Load(row), c61 = S.Load(row + S.Width);
        row += ldc;
        V c70 = S.Load(row), c71 = S.Load(row + S.Width);
        row += ldc;
        V c80 = S.Load(row), c81 = S.Load(row + S.Width);
        row += ldc;
        V c90 = S.Load(row), c91 = S.Load(row + S.Width);
        row += ldc;
        V ca0 = S.Load(row), ca1 = S.Load(row + S.Width);
        row += ldc;
        V cb0 = S.Load(row), cb1 = S.Load(row + S.Width);
        int* a3 = a + (3 * lda);
        int* a6 = a + (6 * lda);
        int* a9 = a + (9 * lda);
        for (int* end = a + pairs; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V x = S.Broadcast(*a);
            c00 = S.AddPairs(c00, x, b0);
            c01 = S.AddPairs(c01, x, b1);
            x = S.Broadcast(a[lda]);
            c10 = S.AddPairs(c10, x, b0);
            c11 = S.AddPairs(c11, x, b1);
            x = S.Broadcast(a[2 * lda]);
            c20 = S.AddPairs(c20, x, b0);
            c21 = S.AddPairs(c21, x, b1);
            x = S.Broadcast(*a3);
            c30 = S.AddPairs(c30, x, b0);
            c31 = S.AddPairs(c31, x, b1);
            x = S.Broadcast(a3[lda]);
            c40 = S.AddPairs(c40, x, b0);
            c41 = S.AddPairs(c41, x, b1);
            x = S.Broadcast(a3[2 * lda]);
            c50 = S.AddPairs(c50, x, b0);
            c51 = S.AddPairs(c51, x, b1);
            x = S.Broadcast(*a6);
            c60 = S.AddPairs(c60, x, b0);
            c61 = S.AddPairs(c61, x, b1);
            x = S.Broadcast(a6[lda]);
            c70 = S.AddPairs(c70, x, b0);
            c71 = S.AddPairs(c71, x, b1);
            x = S.Broadcast(a6[2 * lda]);
            c80 = S.AddPairs(c80, x, b0);
            c81 = S.AddPairs(c81, x, b1);
            x = S.Broadcast(*a9);
            c90 = S.AddPairs(c90, x, b0);
            c91 = S.AddPairs(c91, x, b1);
            x = S.Broadcast(a9[lda]);
            ca0 = S.AddPairs(ca0, x, b0);
            ca1 = S.AddPairs(ca1, x, b1);
            x = S.Broadcast(a9[2 * lda]);
            cb0 = S.AddPairs(cb0, x, b0);
            cb1 = S.AddPairs(cb1, x, b1);
            a3++;
            a6++;
            a9++;
            b += 2 * S.Width;
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

    /// <summary>6 rows of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile6x2(int* a, nint lda, int* b, int* c, nint ldc, nint pairs)
    {
        int* row = c;
        V c00 = S.Load(row), c01 = S.Load(row + S.Width);
        row += ldc;
        V c10 = S.Load(row), c11 = S.Load(row + S.Width);
        row += ldc;
        V c20 = S.Load(row), c21 = S.Load(row + S.Width);
        row += ldc;
        V c30 = S.Load(row), c31 = S.Load(row + S.Width);
        row += ldc;
        V c40 = S.Load(row), c41 = S.Load(row + S.Width);
        row += ldc;
        V c50 = S.Load(row), c51 = S.Load(row + S.Width);
        int* a3 = a + (3 * lda);
        for (int* end = a + pairs; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V x = S.Broadcast(*a);
            c00 = S.AddPairs(c00, x, b0);
            c01 = S.AddPairs(c01, x, b1);
            x = S.Broadcast(a[lda]);
            c10 = S.AddPairs(c10, x, b0);
            c11 = S.AddPairs(c11, x, b1);
            x = S.Broadcast(a[2 * lda]);
            c20 = S.AddPairs(c20, x, b0);
            c21 = S.AddPairs(c21, x, b1);
            x = S.Broadcast(*a3);
            c30 = S.AddPairs(c30, x, b0);
            c31 = S.AddPairs(c31, x, b1);
            x = S.Broadcast(a3[lda]);
            c40 = S.AddPairs(c40, x, b0);
            c41 = S.AddPairs(c41, x, b1);
            x = S.Broadcast(a3[2 * lda]);
            c50 = S.AddPairs(c50, x, b0);
            c51 = S.AddPairs(c51, x, b1);
            a3++;
            b += 2 * S.Width;
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

    /// <summary>1 row of C by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x2(int* a, nint lda, int* b, int* c, nint ldc, nint pairs)
    {
        V c00 = S.Load(c), c01 = S.Load(c + S.Width);
        for (int* end = a + pairs; a < end; a++)
        {
            V b0 = S.Load(b);
            V b1 = S.Load(b + S.Width);
            V x = S.Broadcast(*a);
            c00 = S.AddPairs(c00, x, b0);
            c01 = S.AddPairs(c01, x, b1);
            b += 2 * S.Width;
        }

        S.Store(c, c00);
        S.Store(c + S.Width, c01);
    }

    /// <summary>6 rows of C by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile6x1(int* a, nint lda, int* b, int* c, nint ldc, nint pairs)
    {
        int* row = c;
        V c00 = S.Load(row);
        row += ldc;
        V c10 = S.Load(row);
        row += ldc;
        V c20 = S.Load(row);
        row += ldc;
        V c30 = S.Load(row);
        row += ldc;
        V c40 = S.Load(row);
        row += ldc;
        V c50 = S.Load(row);
        int* a3 = a + (3 * lda);
        for (int* end = a + pairs; a < end; a++)
        {
            V b0 = S.Load(b);
            V x = S.Broadcast(*a);
            c00 = S.AddPairs(c00, x, b0);
            x = S.Broadcast(a[lda]);
            c10 = S.AddPairs(c10, x, b0);
            x = S.Broadcast(a[2 * lda]);
            c20 = S.AddPairs(c20, x, b0);
            x = S.Broadcast(*a3);
            c30 = S.AddPairs(c30, x, b0);
            x = S.Broadcast(a3[lda]);
            c40 = S.AddPairs(c40, x, b0);
            x = S.Broadcast(a3[2 * lda]);
            c50 = S.AddPairs(c50, x, b0);
            a3++;
            b += S.Width;
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
    }

    /// <summary>1 row of C by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x1(int* a, nint lda, int* b, int* c, nint ldc, nint pairs)
    {
        V c00 = S.Load(c);
        for (int* end = a + pairs; a < end; a++)
        {
            V b0 = S.Load(b);
            V x = S.Broadcast(*a);
            c00 = S.AddPairs(c00, x, b0);
            b += S.Width;
        }

        S.Store(c, c00);
    }
}
