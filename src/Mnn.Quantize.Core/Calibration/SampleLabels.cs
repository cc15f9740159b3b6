using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>The classes of samples.</summary>
internal static class SampleLabels
{
    /// <summary>What <c>labels</c> says where each sample's folder is its class.</summary>
    public const string Folders = "folders";

    private static readonly char[] s_separators = [' ', '\t', ','];

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
        if (config.Labels == Folders)
        {
            return OfFolders(config, names);
        }

        Dictionary<string, int> labels = Read(config.FullLabels);
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
            throw Errors.LabelOutOfRange(
                config.Labels == Folders ? config.File : config.FullLabels, greatest, output, classes);
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

    // Lines NAME LABEL. A name may have spaces in it; the label is what follows the last one.
    private static Dictionary<string, int> Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.SampleLabelsUnreadable(file, File.Exists(file) ? e.Message : "there is no such file", e);
        }

        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            int split = line.LastIndexOfAny(s_separators);
            if (split > 0 && int.TryParse(line.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int label))
            {
                labels[line[..split].Trim().Replace('\\', '/')] = label;
            }
            else if (line.Length > 0)
            {
                throw Errors.SampleLabelMalformed(file, i + 1, line);
            }
        }

        return labels.Count > 0 ? labels : throw Errors.SampleLabelsUnreadable(file, "it is empty", null);
    }
}
