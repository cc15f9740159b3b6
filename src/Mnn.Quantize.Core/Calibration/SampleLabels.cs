using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>The classes of samples.</summary>
internal static class SampleLabels
{
    /// <summary>Finds the class of each sample.</summary>
    /// <param name="config">Says where labels are.</param>
    /// <param name="root">The folder that names of samples are relative to.</param>
    /// <param name="samples">Full paths of the samples.</param>
    /// <returns>A class a sample, from 0; null for those without. Null if the config names no labels.</returns>
    /// <exception cref="QuantizeException">The file can't be read, or labels none of the samples.</exception>
    public static int?[]? Find(QuantConfig config, string root, IReadOnlyList<string> samples)
    {
        if (config.Labels.Length == 0)
        {
            return null;
        }

        string[] names = [.. samples.Select(s => CalibrationData.Relative(root, s))];
        if (config.Labels == QuantConfig.LabelledByFolders)
        {
            return OfFolders(config, names);
        }

        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (LabelLine line in LabelFile.Read(config.FullLabels))
        {
            labels[line.Name.Replace('\\', '/')] = line.Label;
        }

        int?[] found = [.. names.Select(n => labels.TryGetValue(n, out int label) ? label : (int?)null)];
        return Array.Exists(found, f => f is not null)
            ? found
            : throw Errors.NothingLabelled(config.FullLabels, labels.Keys.First(), names[0]);
    }

    /// <summary>Checks that a model has all these classes.</summary>
    /// <param name="config">Says where labels are.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="classes">How many scores it has.</param>
    /// <exception cref="QuantizeException">It has fewer.</exception>
    public static void Check(QuantConfig config, IEnumerable<int?> labels, string output, int classes)
    {
        if (labels.Max() is { } greatest && greatest >= classes)
        {
            throw Errors.LabelTooLarge(
                config.Labels == QuantConfig.LabelledByFolders ? config.File : config.FullLabels, 0, greatest, output, classes);
        }
    }

    private static int?[] OfFolders(QuantConfig config, string[] names)
    {
        string[] folders = [.. names.Select(n => n.Contains('/', StringComparison.Ordinal) ? n[..n.IndexOf('/', StringComparison.Ordinal)] : "")];
        string[] classes = [.. folders.Where(f => f.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        return classes.Length > 0
            ? [.. folders.Select(f => f.Length > 0 ? Array.IndexOf(classes, f) : (int?)null)]
            : throw Errors.NoClassFolders(config.File, config.FullPath);
    }
}
