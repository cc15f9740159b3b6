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
/// <param name="names">Names of made-up inputs where there are no samples; or null.</param>
internal sealed class ReportedFiles(
    MnnModel floats, MnnModel int8s, IReadOnlyList<string> settings, QuantConfig config, CalibrationData data,
    IReadOnlyList<string>? names = null)
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
            ContentHashes.Version,
            settings,
            [
                new("float model", ContentHashes.OfFiles(floats.Files)),
                new("settings", ContentHashes.Of(Encoding.UTF8.GetBytes(string.Concat(settings.Select(s => s + "\n"))))),
                new("samples", ContentHashes.OfSamples(data.Root, data.Samples)),
                new("int8 model", ContentHashes.OfFiles(int8s.Files)),
            ]));

    private string Name(int sample) => names is not null ? names[sample] : CalibrationData.Relative(data.Root, data.Samples[sample]);

    private byte[]? Thumbnail(int sample)
    {
        if (config.InputType != CalibrationInput.Image || names is not null)
        {
            return null;
        }

        string path = data.Samples[sample];
        using Picture picture = PictureDecoder.Decode(SampleBytes.Read(path), path);
        return StoredPng.Encode(Shrinking.Fit(picture, ThumbnailSide));
    }
}
