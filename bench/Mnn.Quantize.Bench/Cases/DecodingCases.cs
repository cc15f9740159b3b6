using System.Buffers.Binary;
using System.IO.Compression;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Decoding of a folder's pictures; for PNG beside inflating their data alone.</summary>
internal static class DecodingCases
{
    /// <summary>A case a format, with all of the folder's pictures in it.</summary>
    public static IEnumerable<KernelCase> Of(string folder)
    {
        var formats = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).GroupBy(Path.GetExtension);
        foreach (var format in formats.Where(f => f.Key is ".png" or ".jpg" or ".jpeg" or ".bmp"))
        {
            Picture[] pictures = [.. format.Select(f => new Picture(Path.GetFileName(f), File.ReadAllBytes(f)))];
            double pixels = pictures.Select(p => PictureDecoder.Decode(p.Data, p.Name)).Sum(p => (double)p.Width * p.Height);
            double bytes = pictures.Sum(p => (double)p.Data.Length);
            yield return new KernelCase($"{pictures.Length} {format.Key}", () => () => Decode(pictures)) { Pixels = pixels, Bytes = bytes };
            if (format.Key == ".png")
            {
                yield return new KernelCase($"inflating {pictures.Length} .png alone", () => Inflating(pictures))
                {
                    Pixels = pixels,
                    Bytes = bytes,
                };
            }
        }
    }

    private static void Decode(Picture[] pictures)
    {
        foreach (Picture picture in pictures)
        {
            PictureDecoder.Decode(picture.Data, picture.Name);
        }
    }

    private static Action Inflating(Picture[] pictures)
    {
        byte[][] streams = [.. pictures.Select(p => Compressed(p.Data))];
        byte[] buffer = new byte[1 << 16];
        return () => Array.ForEach(streams, s => Inflate(s, buffer));
    }

    // The data of all IDAT chunks, one after another (W3C PNG, 5.3).
    private static byte[] Compressed(byte[] png)
    {
        var data = new MemoryStream();
        for (int at = 8; at + 12 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(png, at + 8, length);
            }

            at += 12 + length;
        }

        return data.ToArray();
    }

    private static void Inflate(byte[] data, byte[] buffer)
    {
        using var stream = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private sealed record Picture(string Name, byte[] Data);
}
