using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>A folder of its own for one test, with the sample's model, eight of its pictures and a config.</summary>
internal sealed class TestFolder : IDisposable
{
    private const int PictureCount = 8;

    internal TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("mnnq ü ").FullName;
        Directory.CreateDirectory(this["pictures"]);
        File.Copy(System.IO.Path.Combine(Sample, "fashion.mnn"), this["float.mnn"]);
        foreach (string picture in CalibrationPictures.Take(PictureCount))
        {
            File.Copy(picture, this["pictures/" + System.IO.Path.GetFileName(picture)]);
        }

        WriteConfig();
    }

    internal string Path { get; }

    internal static string Sample { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ThisFile())!, "../../samples/AppWithModel"));

    internal static IEnumerable<string> CalibrationPictures { get; } =
        Directory.GetFiles(System.IO.Path.Combine(Sample, "calibration")).Order(StringComparer.Ordinal);

    internal string this[string name] => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));

    internal void WriteConfig(string more = "", string path = "pictures/") => File.WriteAllText(
        this["quant.json"],
        $$"""
        {
          "format": "GRAY", "mean": [72.93], "normal": [0.0111], "width": 28, "height": 28, "path": "{{path}}"{{more}}
        }
        """);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
