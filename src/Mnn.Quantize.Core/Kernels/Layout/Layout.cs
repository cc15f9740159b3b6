namespace Mnn.Quantize.Kernels;

/// <summary>Moves elements of 1, 2, 4 or 8 bytes from one order of axes to another.</summary>
internal static unsafe partial class Layout
{
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
}
