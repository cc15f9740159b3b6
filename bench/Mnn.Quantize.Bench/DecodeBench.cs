using System.Buffers.Binary;
using System.IO.Compression;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Bench;

/// <summary>Decoding of a folder's pictures on one thread; for PNG beside inflating their data alone.</summary>
internal static class DecodeBench
{
    /// <summary>Prints a line a format.</summary>
    public static void Run(string folder)
    {
        (string Name, byte[] Data)[] files =
            [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))];
        foreach (var format in files.GroupBy(f => Path.GetExtension(f.Name)))
        {
            (string Name, byte[] Data)[] pictures = [.. format];
            double bytes = pictures.Sum(p => (double)p.Data.Length);
            double pixels = pictures.Select(p => PictureDecoder.Decode(p.Data, p.Name)).Sum(p => (double)p.Width * p.Height);
            double seconds = Clock.Seconds(() =>
            {
                foreach ((string name, byte[] data) in pictures)
                {
                    PictureDecoder.Decode(data, name);
                }
            });
            Console.WriteLine(
                $"{pictures.Length} {format.Key}: {seconds * 1e3:F1} ms, {pixels / seconds * 1e-6:F1} megapixels/s, " +
                $"{bytes / seconds * 1e-6:F1} MB/s");
            if (format.Key == ".png")
            {
                byte[][] streams = [.. pictures.Select(p => Compressed(p.Data))];
                byte[] buffer = new byte[1 << 16];
                double alone = Clock.Seconds(() => Array.ForEach(streams, s => Inflate(s, buffer)));
                Console.WriteLine($"inflating them alone: {alone * 1e3:F1} ms, {alone / seconds:P0} of decoding");
            }
        }
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
}
