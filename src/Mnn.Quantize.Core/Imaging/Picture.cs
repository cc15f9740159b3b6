using System.Buffers;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Imaging;

/// <summary>A decoded picture: rows from top to bottom, pixels from left to right, 4 bytes each (red, green, blue, alpha).</summary>
/// <remarks>
/// Pictures that <see cref="PictureDecoder"/> makes borrow their memory; <see cref="Dispose"/> gives it back, so that a
/// run over thousands of pictures allocates for the largest one only. Not disposing one merely costs that reuse.
/// </remarks>
public sealed class Picture : IDisposable
{
    private readonly bool _pooled;
    private byte[]? _rgba;

    /// <summary>Wraps pixels.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="rgba">The pixels, at least <c>width * height * 4</c> bytes; kept, not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public Picture(int width, int height, byte[] rgba)
        : this(width, height, rgba, pooled: false)
    {
    }

    private Picture(int width, int height, byte[] rgba, bool pooled)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(rgba);
        if (rgba.Length < (long)width * height * 4)
        {
            throw new ArgumentException($"{rgba.Length} bytes can't hold {width} x {height} RGBA pixels.", nameof(rgba));
        }

        (Width, Height, _rgba, _pooled) = (width, height, rgba, pooled);
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels: the first <c>Width * Height * 4</c> bytes. The array may be longer.</summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    public byte[] Rgba => _rgba ?? throw new ObjectDisposedException(nameof(Picture));

    /// <summary>Exactly the pixels, <c>Width * Height * 4</c> bytes.</summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    public Span<byte> Pixels => Rgba.AsSpan(0, Width * Height * 4);

    /// <summary>Gives borrowed memory back. The pixels must not be used any more.</summary>
    public void Dispose()
    {
        byte[]? rgba = _rgba;
        _rgba = null;
        if (_pooled && rgba is not null)
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    /// <summary>A picture on borrowed memory whose content is arbitrary: a decoder writes every pixel or clears it.</summary>
    internal static Picture Rent(int width, int height) =>
        new(width, height, ArrayPool<byte>.Shared.Rent(checked(width * height * 4)), pooled: true);

    /// <summary>Row <paramref name="y"/> as packed pixels (see <see cref="PackedPixel"/>).</summary>
    internal Span<uint> Row(int y) => MemoryMarshal.Cast<byte, uint>(Rgba.AsSpan(y * Width * 4, Width * 4));
}
