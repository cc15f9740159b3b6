using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Calibration;

/// <summary>Finds the pictures to calibrate with.</summary>
internal static class CalibrationFiles
{
    private const int HeadBytes = 64;
    private const int ExamplesShown = 3;

    /// <summary>
    /// The pictures that the config lists or, if it lists none, those of its folder, by name in ordinal order, so that every
    /// machine takes the same ones.
    /// </summary>
    /// <param name="config">Tells pictures or folder, and number.</param>
    /// <param name="warnings">Told of files that are no pictures.</param>
    /// <returns>Full paths.</returns>
    /// <exception cref="QuantizeException">There is no such folder, or no picture in it.</exception>
    public static IReadOnlyList<string> Find(QuantConfig config, ICollection<Diagnostic> warnings)
    {
        string folder = config.Pictures is null ? config.FullPath : "the list of pictures";
        if (config.Pictures is null && !Directory.Exists(folder))
        {
            throw Errors.DataFolderMissing(config.File, folder);
        }

        var pictures = new List<string>();
        var others = new List<string>();
        foreach (string file in config.Pictures ?? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)])
        {
            (LooksLikePicture(file) ? pictures : others).Add(file);
            if (pictures.Count == config.UsedSamples && config.UsedSamples > 0)
            {
                break;
            }
        }

        if (pictures.Count == 0)
        {
            throw Errors.DataFolderEmpty(config.File, folder);
        }

        if (others.Count > 0)
        {
            string examples = string.Join(", ", others.Take(ExamplesShown).Select(Path.GetFileName))
                + (others.Count > ExamplesShown ? ", ..." : "");
            warnings.Add(Warnings.FilesSkipped(config.Pictures is null ? folder : config.File, others.Count, examples));
        }

        if (pictures.Count < config.UsedSamples)
        {
            warnings.Add(Warnings.FewerFilesThanAsked(config.File, config.UsedSamples, pictures.Count));
        }

        return pictures;
    }

    private static bool LooksLikePicture(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            Span<byte> head = stackalloc byte[HeadBytes];
            int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return PictureDecoder.LooksLikePicture(head[..read]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, e.Message, e);
        }
    }
}
