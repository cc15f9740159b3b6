using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Moves elements of 1, 2, 4 or 8 bytes from one order of axes to another.</summary>
internal static unsafe partial class Layout
{
    /// <summary>The most axes of a permutation.</summary>
    public const int MaxAxes = 8;

    /// <summary>NCHW to NHWC.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">[batch, channels, pixels].</param>
    /// <param name="y">[batch, pixels, channels].</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="pixels">Height times width.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void ToChannelsLast<T>(ReadOnlySpan<T> x, Span<T> y, int batch, int channels, int pixels)
        where T : unmanaged
        => Transpose(x, y, batch, channels, pixels);

    /// <summary>NHWC to NCHW.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">[batch, pixels, channels].</param>
    /// <param name="y">[batch, channels, pixels].</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="pixels">Height times width.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void ToChannelsFirst<T>(ReadOnlySpan<T> x, Span<T> y, int batch, int channels, int pixels)
        where T : unmanaged
        => Transpose(x, y, batch, pixels, channels);

    /// <summary>Transposes each of a number of matrices.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">[batch, rows, columns].</param>
    /// <param name="y">[batch, columns, rows]; must not overlap x.</param>
    /// <param name="batch">Matrices.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Transpose<T>(ReadOnlySpan<T> x, Span<T> y, int batch, int rows, int columns)
        where T : unmanaged
    {
        Check.That(batch >= 0 && rows >= 0 && columns >= 0, "Sizes must not be negative.");
        long length = (long)batch * rows * columns;
        Check.That(x.Length >= length && y.Length >= length, "A span is too short.");
        if (rows == 1 || columns == 1)
        {
            x[..(int)length].CopyTo(y);
            return;
        }

        fixed (T* px = x, py = y)
        {
            for (int i = 0; i < batch; i++)
            {
                nint start = (nint)i * rows * columns;
                TransposeMatrix(px + start, columns, py + start, rows, rows, columns);
            }
        }
    }

    /// <summary>y's axis i is x's axis order[i].</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">[sizes[0], sizes[1], ...].</param>
    /// <param name="sizes">Sizes of x, at most <see cref="MaxAxes"/>.</param>
    /// <param name="order">Each axis of x once.</param>
    /// <param name="y">[sizes[order[0]], sizes[order[1]], ...]; must not overlap x.</param>
    /// <exception cref="ArgumentException">The sizes don't fit, or the order is none.</exception>
    public static void Permute<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> sizes, ReadOnlySpan<int> order, Span<T> y)
        where T : unmanaged
    {
        int axes = sizes.Length;
        Check.That(axes <= MaxAxes && order.Length == axes, "There are too many axes, or not one place for each.");
        Span<int> strides = stackalloc int[MaxAxes], steps = stackalloc int[MaxAxes], target = stackalloc int[MaxAxes];
        int stride = 1, seen = 0;
        for (int i = axes - 1; i >= 0; i--)
        {
            Check.That(sizes[i] >= 0 && order[i] >= 0 && order[i] < axes, "A size is negative, or there is no such axis.");
            strides[i] = stride;
            stride = checked(stride * sizes[i]);
            seen |= 1 << order[i];
        }

        Check.That(seen == (1 << axes) - 1, "The order names an axis twice.");
        Check.That(x.Length >= stride && y.Length >= stride, "A span is too short.");
        for (int i = 0; i < axes; i++)
        {
            steps[i] = strides[order[i]];
            target[i] = sizes[order[i]];
        }

        Gather(x, steps[..axes], target[..axes], y);
    }

    /// <summary>
    /// y[i0, i1, ...] = x[i0 s0 + i1 s1 + ...], y being dense in row-major order: slices, broadcasts, permutations.
    /// </summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">The source, from the element at index 0 on.</param>
    /// <param name="strides">Elements of x from index to index along each axis; not negative.</param>
    /// <param name="sizes">Sizes of y, at most <see cref="MaxAxes"/>.</param>
    /// <param name="y">Must not overlap x.</param>
    /// <exception cref="ArgumentException">The sizes don't fit.</exception>
    public static void Gather<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> strides, ReadOnlySpan<int> sizes, Span<T> y)
        where T : unmanaged
    {
        Span<int> dense = stackalloc int[MaxAxes];
        Check.That(sizes.Length <= MaxAxes, "There are too many axes.");
        int stride = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            dense[i] = stride;
            stride = checked(stride * sizes[i]);
        }

        Copy(x, strides, y, dense[..sizes.Length], sizes);
    }

    /// <summary>y[i0 d0 + i1 d1 + ...] = x[i0 s0 + i1 s1 + ...].</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="x">The source, from the element at index 0 on.</param>
    /// <param name="xStrides">Elements of x from index to index along each axis; not negative.</param>
    /// <param name="y">The destination, from the element at index 0 on; must not overlap x.</param>
    /// <param name="yStrides">Elements of y from index to index along each axis; not negative.</param>
    /// <param name="sizes">Indices along each axis, at most <see cref="MaxAxes"/>.</param>
    /// <exception cref="ArgumentException">The sizes don't fit.</exception>
    public static void Copy<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<int> xStrides, Span<T> y, ReadOnlySpan<int> yStrides, ReadOnlySpan<int> sizes)
        where T : unmanaged
    {
        Check.That(
            sizes.Length <= MaxAxes && xStrides.Length == sizes.Length && yStrides.Length == sizes.Length,
            "There are too many axes, or not two strides for each.");
        Span<int> n = stackalloc int[MaxAxes], sx = stackalloc int[MaxAxes], sy = stackalloc int[MaxAxes];
        long lastX = 0, lastY = 0, length = 1;
        int axes = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            Check.That(sizes[i] >= 0 && xStrides[i] >= 0 && yStrides[i] >= 0, "Sizes and strides must not be negative.");
            length *= sizes[i];
            lastX += (long)Math.Max(sizes[i] - 1, 0) * xStrides[i];
            lastY += (long)Math.Max(sizes[i] - 1, 0) * yStrides[i];
            if (sizes[i] == 1)
            {
                continue;
            }

            bool joins = axes > 0 && sx[axes - 1] == (long)xStrides[i] * sizes[i] && sy[axes - 1] == (long)yStrides[i] * sizes[i];
            axes -= joins ? 1 : 0;
            n[axes] = joins ? n[axes] * sizes[i] : sizes[i];
            (sx[axes], sy[axes]) = (xStrides[i], yStrides[i]);
            axes++;
        }

        if (length == 0)
        {
            return;
        }

        Check.That(x.Length > lastX && y.Length > lastY, "A span is too short.");
        fixed (T* px = x, py = y)
        {
            CopyAxes(px, sx, py, sy, n[..axes]);
        }
    }

    private static void CopyAxes<T>(T* x, ReadOnlySpan<int> sx, T* y, ReadOnlySpan<int> sy, ReadOnlySpan<int> n)
        where T : unmanaged
    {
        if (n.Length == 0)
        {
            *y = *x;
        }
        else if (n.Length == 1)
        {
            CopyLine(x, sx[0], y, sy[0], n[0]);
        }
        else if (n.Length == 2 && sx[0] == 1 && sy[1] == 1 && sx[1] > 0 && sy[0] > 0)
        {
            TransposeMatrix(x, sx[1], y, sy[0], n[1], n[0]);
        }
        else
        {
            for (int i = 0; i < n[0]; i++)
            {
                CopyAxes(x + ((nint)i * sx[0]), sx[1..], y + ((nint)i * sy[0]), sy[1..], n[1..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLine<T>(T* x, nint xStride, T* y, nint yStride, int n)
        where T : unmanaged
    {
        if (xStride == 1 && yStride == 1)
        {
            new Span<T>(x, n).CopyTo(new Span<T>(y, n));
            return;
        }

        if (xStride == 0 && yStride == 1)
        {
            new Span<T>(y, n).Fill(*x);
            return;
        }

        for (int i = 0; i < n; i++, x += xStride, y += yStride)
        {
            *y = *x;
        }
    }
}
