using System.Buffers;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>What the first components of a JPEG picture mean.</summary>
internal enum JpegColors
{
    Gray,
    Ycc,
    Rgb,
    Cmyk,
    Ycck,
}

/// <summary>From decoded components to pixels.</summary>
internal static class JpegOutput
{
    internal static void Write(JpegFrame frame, JpegColors colors, Picture picture)
    {
        int count = colors switch
        {
            JpegColors.Gray => 1,
            JpegColors.Ycc or JpegColors.Rgb => 3,
            _ => 4,
        };
        var upsamplers = new JpegUpsampler[count];
        for (int i = 0; i < count; i++)
        {
            upsamplers[i] = new JpegUpsampler(frame, frame.Components[i]);
        }

        // One row a component; a widened row may be one sample longer than the picture's.
        int rowLength = frame.Width + 1;
        byte[] rows = ArrayPool<byte>.Shared.Rent(4 * rowLength);
        ushort[] scratch = ArrayPool<ushort>.Shared.Rent(JpegUpsampler.ScratchLength(frame));
        try
        {
            for (int y = 0; y < frame.Height; y++)
            {
                ReadOnlySpan<byte> first = upsamplers[0].Row(y, rows.AsSpan(0, rowLength), scratch);
                ReadOnlySpan<byte> second = count < 3 ? [] : upsamplers[1].Row(y, rows.AsSpan(rowLength, rowLength), scratch);
                ReadOnlySpan<byte> third = count < 3 ? [] : upsamplers[2].Row(y, rows.AsSpan(2 * rowLength, rowLength), scratch);
                ReadOnlySpan<byte> fourth = count < 4 ? [] : upsamplers[3].Row(y, rows.AsSpan(3 * rowLength, rowLength), scratch);
                WriteRow(colors, first, second, third, fourth, picture.Row(y));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rows);
            ArrayPool<ushort>.Shared.Return(scratch);
        }
    }

    private static void WriteRow(
        JpegColors colors, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third,
        ReadOnlySpan<byte> fourth, Span<uint> pixels)
    {
        switch (colors)
        {
            case JpegColors.Gray:
                JpegColor.FromGray(first, pixels);
                break;
            case JpegColors.Rgb:
                JpegColor.FromRgb(first, second, third, pixels);
                break;
            case JpegColors.Ycc:
                JpegColor.FromYcc(first, second, third, pixels);
                break;
            case JpegColors.Cmyk:
                JpegColor.FromCmyk(first, second, third, fourth, pixels);
                break;
            default:
                JpegColor.FromYcc(first, second, third, pixels);
                JpegColor.InvertAndScale(fourth, pixels);
                break;
        }
    }
}
