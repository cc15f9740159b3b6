namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>The frame header (ITU-T T.81, B.2.2) and the components it declares.</summary>
internal sealed class JpegFrame : IDisposable
{
    private JpegFrame(int width, int height, bool progressive, JpegComponent[] components)
    {
        (Width, Height, Progressive, Components) = (width, height, progressive, components);
        MaxHorizontal = components.Max(c => c.Horizontal);
        MaxVertical = components.Max(c => c.Vertical);
        foreach (JpegComponent component in components)
        {
            component.Measure(width, height, MaxHorizontal, MaxVertical);
        }
    }

    internal int Width { get; }

    internal int Height { get; }

    internal bool Progressive { get; }

    internal JpegComponent[] Components { get; }

    internal int MaxHorizontal { get; }

    internal int MaxVertical { get; }

    /// <summary>Minimum coded units of an interleaved scan.</summary>
    internal int UnitsAcross => (Width + (8 * MaxHorizontal) - 1) / (8 * MaxHorizontal);

    internal int UnitsDown => (Height + (8 * MaxVertical) - 1) / (8 * MaxVertical);

    /// <summary>Reads the header's body and takes memory for the samples, if the file can hold them.</summary>
    internal static JpegFrame Read(ref PictureBytes bytes, int length, bool progressive)
    {
        int bits = bytes.Byte();
        if (bits != 8)
        {
            throw bytes.Unsupported($"{bits} bits a sample");
        }

        int height = bytes.UInt16BigEndian();
        int width = bytes.UInt16BigEndian();
        int count = bytes.Byte();
        if (height == 0 && width > 0)
        {
            throw bytes.Unsupported("a height that is given after the pixels (DNL)");
        }

        PictureLimits.Check(bytes.File, bytes.Format, width, height);
        if (count is not (1 or 3 or 4) || length != 6 + (3 * count))
        {
            throw bytes.Damaged($"its frame header of {length} bytes declares {count} components, expected 1, 3 or 4");
        }

        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            int id = bytes.Byte();
            int sampling = bytes.Byte();
            int quantization = bytes.Byte();
            (int horizontal, int vertical) = (sampling >> 4, sampling & 15);
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4 || quantization > 3)
            {
                throw bytes.Damaged($"component {id} has sampling {horizontal}x{vertical} and table {quantization}");
            }

            components[i] = new JpegComponent(id, horizontal, vertical, quantization);
        }

        var frame = new JpegFrame(width, height, progressive, components);
        frame.Allocate(bytes);
        return frame;
    }

    public void Dispose()
    {
        foreach (JpegComponent component in Components)
        {
            component.Dispose();
        }
    }

    private void Allocate(in PictureBytes bytes)
    {
        // Each block that shows takes a bit for its DC coefficient, at the least.
        long blocks = Components.Sum(c => (long)c.ShownAcross * c.ShownDown);
        if (blocks > 8L * bytes.Remaining)
        {
            throw bytes.Truncated($"{bytes.Remaining} bytes can't hold {Width} x {Height} pixels");
        }

        foreach (JpegComponent component in Components)
        {
            component.Allocate(Progressive);
        }
    }
}
