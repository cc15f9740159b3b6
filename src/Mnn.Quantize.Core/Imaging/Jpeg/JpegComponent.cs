using System.Buffers;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>One colour component: its sampling, its tables and its samples, on borrowed memory.</summary>
internal sealed class JpegComponent(int id, int horizontal, int vertical, int quantization) : IDisposable
{
    internal int Id => id;

    /// <summary>Blocks of a minimum coded unit, across and down, 1 to 4.</summary>
    internal int Horizontal => horizontal;

    internal int Vertical => vertical;

    internal int Quantization => quantization;

    /// <summary>Samples that show, across and down.</summary>
    internal int Width { get; private set; }

    internal int Height { get; private set; }

    /// <summary>Blocks in memory: whole minimum coded units.</summary>
    internal int BlocksAcross { get; private set; }

    internal int BlocksDown { get; private set; }

    /// <summary>Bytes from one row of <see cref="Samples"/> to the next.</summary>
    internal int Stride => BlocksAcross * 8;

    /// <summary>Blocks that show something: what a scan of this component alone holds.</summary>
    internal int ShownAcross => (Width + 7) / 8;

    internal int ShownDown => (Height + 7) / 8;

    internal byte[] Samples { get; private set; } = [];

    /// <summary>64 coefficients a block, row-major; progressive pictures only.</summary>
    internal short[] Coefficients { get; private set; } = [];

    internal JpegHuffman? DcTable { get; set; }

    internal JpegHuffman? AcTable { get; set; }

    /// <summary>The last block's DC coefficient.</summary>
    internal int Prediction { get; set; }

    /// <summary>Whether a scan with its DC coefficients was decoded.</summary>
    internal bool Decoded { get; set; }

    internal void Measure(int width, int height, int maxHorizontal, int maxVertical)
    {
        Width = ((width * horizontal) + maxHorizontal - 1) / maxHorizontal;
        Height = ((height * vertical) + maxVertical - 1) / maxVertical;
        BlocksAcross = (width + (8 * maxHorizontal) - 1) / (8 * maxHorizontal) * horizontal;
        BlocksDown = (height + (8 * maxVertical) - 1) / (8 * maxVertical) * vertical;
    }

    internal void Allocate(bool progressive)
    {
        int samples = checked(BlocksAcross * BlocksDown * 64);
        Samples = ArrayPool<byte>.Shared.Rent(samples);
        Samples.AsSpan(0, samples).Fill(128);
        if (progressive)
        {
            Coefficients = ArrayPool<short>.Shared.Rent(samples);
            Coefficients.AsSpan(0, samples).Clear();
        }
    }

    public void Dispose()
    {
        ReturnIfRented(Samples);
        ReturnIfRented(Coefficients);
        (Samples, Coefficients) = ([], []);
    }

    private static void ReturnIfRented<T>(T[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
        }
    }
}
