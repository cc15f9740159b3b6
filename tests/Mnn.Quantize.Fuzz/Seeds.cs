using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Fuzz;

/// <summary>The assets of the tests, as seeds.</summary>
internal static class Seeds
{
    private static readonly string Assets =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../assets"));

    /// <summary>Models of at most <paramref name="most"/> bytes among the operator cases.</summary>
    public static IReadOnlyList<byte[]> Models(int most)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Assets, "onnx-cases.zip"));
        var models = new List<byte[]>();
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name.EndsWith(".mnn", StringComparison.Ordinal) && e.Length <= most))
        {
            byte[] bytes = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(bytes);
            models.Add(bytes);
        }

        return models;
    }

    /// <summary>A file of the assets.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Assets, name));

    /// <summary>Pictures with one of these extensions.</summary>
    public static IReadOnlyList<byte[]> Pictures(params string[] extensions) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Assets, "pictures")).Order(StringComparer.Ordinal)
            .Where(f => extensions.Contains(Path.GetExtension(f))).Select(File.ReadAllBytes).Where(b => b.Length < 1 << 16),
    ];

    /// <summary>
    /// A file for readers that take nothing but a name; in memory where that can be had, since a file system may write a file
    /// that is overwritten to its disk each time.
    /// </summary>
    public static string NewFile() => Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"mnnq-fuzz-{Environment.ProcessId}-{Guid.NewGuid():N}");

    /// <summary>Text as a file.</summary>
    public static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
