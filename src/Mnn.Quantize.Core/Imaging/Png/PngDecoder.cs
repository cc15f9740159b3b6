using System.Buffers;
using System.IO.Compression;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>PNG: every colour type, depth, interlace and transparency of the standard.</summary>
internal static class PngDecoder
{
    /// <summary>Deflate codes at most 258 bytes in 2 bits: a stream grows by less than this factor.</summary>
    private const long MaxExpansion = 1032;

    // Bytes of rows that are inflated at once, unless a single one is longer.
    private const int MostAtOnce = 1 << 16;

    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var bytes = new PictureBytes(data, file, "PNG");
        using PngChunks chunks = PngChunks.Read(bytes);
        PngHeader header = chunks.Header;
        if (header.Color == PngColor.Palette && chunks.Palette.Length == 0)
        {
            throw bytes.Damaged("its palette is missing");
        }

        if (header.RawBytes > chunks.CompressedLength * MaxExpansion)
        {
            throw bytes.Truncated(
                $"{chunks.CompressedLength} compressed bytes can't hold {header.Width} x {header.Height} pixels");
        }

        Picture picture = Picture.Rent(header.Width, header.Height);
        try
        {
            using var compressed = new MemoryStream(chunks.Compressed, 0, chunks.CompressedLength, writable: false);
            using var raw = new ZLibStream(compressed, CompressionMode.Decompress);
            ReadPasses(bytes, chunks, raw, picture);
            return picture;
        }
        catch (InvalidDataException broken)
        {
            picture.Dispose();
            throw Errors.PictureDamaged(file, "PNG", $"its compressed data is invalid ({broken.Message})");
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    private static void ReadPasses(in PictureBytes bytes, PngChunks chunks, ZLibStream raw, Picture picture)
    {
        PngHeader header = chunks.Header;
        var pixels = new PngPixels(chunks);
        long rowBound = header.RowBytes(header.Width) + 1;
        if (rowBound > Array.MaxLength / 2)
        {
            throw Errors.PictureTooLarge(bytes.File, bytes.Format, header.Width, header.Height);
        }

        int longest = (int)rowBound;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(2 * longest, MostAtOnce));
        try
        {
            foreach (PngPass pass in PngPass.Of(header))
            {
                if (pass.Width > 0 && pass.Height > 0)
                {
                    ReadPass(bytes, header, pass, raw, buffer, pixels, picture);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The buffer holds the row above and, behind it, as many rows as fit, each with its filter byte: inflating is slower where
    // there is little room.
    private static void ReadPass(
        in PictureBytes bytes, in PngHeader header, in PngPass pass, ZLibStream raw, Span<byte> buffer, PngPixels pixels, Picture picture)
    {
        int rowBytes = (int)header.RowBytes(pass.Width) + 1;
        buffer[..rowBytes].Clear();
        int room = (buffer.Length / rowBytes) - 1;
        for (int y = 0; y < pass.Height; y += room)
        {
            int wanted = Math.Min(room, pass.Height - y);
            Span<byte> rows = buffer.Slice(rowBytes, wanted * rowBytes);
            int read = raw.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false) / rowBytes;
            for (int row = 0; row < read; row++)
            {
                ReadRow(
                    bytes, header, pass, y + row, buffer.Slice((row + 1) * rowBytes, rowBytes), buffer.Slice(row * rowBytes, rowBytes), pixels,
                    picture);
            }

            if (read < wanted)
            {
                throw bytes.Truncated($"its pixels end in row {pass.Top + ((y + read) * pass.StepY)} of {header.Height}");
            }

            rows[^rowBytes..].CopyTo(buffer);
        }
    }

    private static void ReadRow(
        in PictureBytes bytes, in PngHeader header, in PngPass pass, int y, Span<byte> row, ReadOnlySpan<byte> above, PngPixels pixels,
        Picture picture)
    {
        if (!PngFilter.Undo(row[0], row[1..], above[1..], header.FilterDistance))
        {
            throw bytes.Damaged($"row {pass.Top + (y * pass.StepY)} has filter {row[0]}, expected 0 to 4");
        }

        Span<uint> target = picture.Row(pass.Top + (y * pass.StepY))[pass.Left..];
        if (!pixels.Write(row[1..], pass.Width, target, pass.StepX))
        {
            throw bytes.Damaged($"row {pass.Top + (y * pass.StepY)} uses a colour that its palette lacks");
        }
    }
}
