using Mnn.Quantize.Configuration;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Calibration;

/// <summary>Tells what a file or folder among the calibration data is.</summary>
internal static class SampleKinds
{
    private static readonly string[] PictureExtensions =
        [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tga", ".pnm", ".pgm", ".ppm"];

    /// <summary>Extensions of files with one array or, for .npz, several.</summary>
    public static readonly IReadOnlyList<string> ArrayExtensions = [".npz", ".npy", ".raw", ".bin", ".txt"];

    /// <summary>Whether a path is a sample of a kind.</summary>
    /// <remarks>
    /// A picture is what starts like one or is called like one, so that a damaged picture is an error and not a file that
    /// doesn't matter.
    /// </remarks>
    /// <exception cref="IOException">It can't be read.</exception>
    public static bool Is(CalibrationInput kind, string path) => kind == CalibrationInput.Image
        ? File.Exists(path) && (HasExtension(PictureExtensions, path) || PictureDecoder.LooksLikePicture(Head(path)))
        : Directory.Exists(path) ? FilesOf(path).Any(IsArray)
        : IsArray(path);

    /// <summary>Whether a file is called like one with arrays.</summary>
    public static bool IsArray(string path) => HasExtension(ArrayExtensions, path);

    /// <summary>The files that a sample consists of, full paths in ordinal order.</summary>
    public static IEnumerable<string> FilesOf(string sample) => Directory.Exists(sample)
        ? Directory.EnumerateFiles(sample)
            .Where(f => !Path.GetFileName(f).StartsWith('.'))
            .Order(StringComparer.Ordinal)
        : [sample];

    /// <summary>Samples of a kind, in words.</summary>
    public static string Describe(CalibrationInput kind) =>
        kind == CalibrationInput.Image ? "pictures" : "arrays (.npy, .npz, .raw, .bin, .txt)";

    /// <summary>A file's name, with its format if that is one of pictures that are not read.</summary>
    public static string DescribeFile(string path)
    {
        string name = Path.GetFileName(path);
        return Directory.Exists(path) ? name + "/"
            : PictureFormats.NameOfUnread(Head(path)) is { } format ? $"{name} ({format})"
            : name;
    }

    private static bool HasExtension(IReadOnlyList<string> extensions, string path) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static byte[] Head(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] head = new byte[PictureDecoder.HeadLength];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read];
    }
}
