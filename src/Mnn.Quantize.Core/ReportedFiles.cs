using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Imaging.Png;
using Mnn.Quantize.Model;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize;

/// <summary>What a report says of the files that models and samples were read from.</summary>
/// <param name="floats">The float model.</param>
/// <param name="int8s">The other.</param>
/// <param name="settings">The settings, one a line.</param>
/// <param name="config">Tells whether samples are pictures.</param>
/// <param name="data">The samples.</param>
internal sealed class ReportedFiles(
    MnnModel floats, MnnModel int8s, IReadOnlyList<string> settings, QuantConfig config, CalibrationData data)
{
    private const int ThumbnailSide = 80;

    /// <summary>Sizes and hashes; names and thumbnails are made when they are asked for.</summary>
    public ReportFiles Describe() => new(
        floats.Path,
        int8s.Path,
        floats.Files.Sum(f => new FileInfo(f).Length),
        int8s.Files.Sum(f => new FileInfo(f).Length),
        Name,
        Thumbnail,
        new Provenance(
            Version(),
            settings,
            [
                new("float model", HashOf(floats.Files)),
                new("settings", Hash(Encoding.UTF8.GetBytes(string.Concat(settings.Select(s => s + "\n"))))),
                new("samples", HashOfSamples()),
                new("int8 model", HashOf(int8s.Files)),
            ]));

    private static string Version()
    {
        string? version = typeof(ReportedFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (version ?? "").Split('+')[0];
    }

    private string Name(int sample) => CalibrationData.Relative(data.Root, data.Samples[sample]);

    private byte[]? Thumbnail(int sample)
    {
        if (config.InputType != CalibrationInput.Image)
        {
            return null;
        }

        string path = data.Samples[sample];
        using Picture picture = PictureDecoder.Decode(SampleBytes.Read(path), path);
        return StoredPng.Encode(Shrinking.Fit(picture, ThumbnailSide));
    }

    /// <summary>Of one file what <c>sha256sum</c> says; of several, of their contents one after the other.</summary>
    private static string HashOf(IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            hash.AppendData(SampleBytes.Read(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of the lines that <c>sha256sum</c> prints for the files, in their order.</summary>
    private string HashOfSamples()
    {
        var lines = new StringBuilder();
        foreach (string file in data.Samples.SelectMany(SampleKinds.FilesOf))
        {
            lines.Append(Hash(SampleBytes.Read(file))).Append("  ").Append(CalibrationData.Relative(data.Root, file)).Append('\n');
        }

        return Hash(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
