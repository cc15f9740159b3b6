using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Tests;

/// <summary>The files in one of the archives of tests/assets.</summary>
internal sealed class Archive
{
    private static readonly Lazy<Archive> LazyFashion = new(() => new Archive("fashion.zip"));
    private static readonly Lazy<Archive> LazyFloatRuns = new(() => new Archive("float-runs.zip"));

    private readonly Dictionary<string, byte[]> _files = [];

    private Archive(string name)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(Repository.Root, "tests", "assets", name));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            byte[] content = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(content);
            _files.Add(entry.FullName, content);
        }
    }

    /// <summary>200 calibration pictures in <c>fashion28/</c> and <c>fashion32/</c>.</summary>
    internal static Archive Fashion => LazyFashion.Value;

    /// <summary>Inputs and outputs of the models, recorded from the MNN runtime.</summary>
    internal static Archive FloatRuns => LazyFloatRuns.Value;

    /// <summary>The names of all files, in order.</summary>
    internal IEnumerable<string> Names => _files.Keys.Order(StringComparer.Ordinal);

    /// <summary>The content of a file.</summary>
    internal byte[] this[string name] => _files[name];

    /// <summary>The content of a file of floats.</summary>
    internal float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(_files[name]).ToArray();

    /// <summary>Writes the first files of a folder of the archive to one on disk, which is made.</summary>
    internal void Extract(string folder, int count, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (string name in Names.Where(n => n.StartsWith(folder + "/", StringComparison.Ordinal)).Take(count))
        {
            File.WriteAllBytes(Path.Combine(destination, Path.GetFileName(name)), _files[name]);
        }
    }
}
