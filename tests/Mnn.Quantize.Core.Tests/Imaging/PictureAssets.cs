using System.IO.Compression;
using System.Runtime.InteropServices;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Imaging;

/// <summary>The pictures and recorded values under tests/assets.</summary>
internal static class PictureAssets
{
    private static readonly string _root = FindRoot();

    internal static string[] Names { get; } =
    [
        .. Directory.GetFiles(Path.Combine(_root, "pictures"))
            .Where(f => File.Exists(f + ".rgba.gz"))
            .Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal),
    ];

    internal static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(_root, "pictures", name));

    internal static Picture Decode(string name) => PictureDecoder.Decode(Read(name), name);

    /// <summary>What the reference decodes.</summary>
    internal static (int Width, int Height, byte[] Rgba) ReadReference(string name)
    {
        byte[] bytes = Unzip(Path.Combine(_root, "pictures", name + ".rgba.gz"));
        return (BitConverter.ToInt32(bytes, 0), BitConverter.ToInt32(bytes, 4), bytes[8..]);
    }

    /// <summary>What the reference makes of a picture.</summary>
    internal static float[] ReadTensor(string name) =>
        MemoryMarshal.Cast<byte, float>(Unzip(Path.Combine(_root, "imageprocess", name + ".f32.gz"))).ToArray();

    private static byte[] Unzip(string path)
    {
        using var zipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zipped.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "assets", "pictures")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("tests/assets"), "tests", "assets");
    }
}
