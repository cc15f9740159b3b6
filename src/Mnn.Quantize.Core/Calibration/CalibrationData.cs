using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>What to calibrate with, as it lies on disk.</summary>
/// <param name="Root">Full path of the folder that names of samples are relative to.</param>
/// <param name="Samples">
/// Full paths in the order in which they are used, which is that of their names below the root in ordinal order, so that
/// every machine takes the same ones. A sample is a file, or a folder of files, one an input.
/// </param>
/// <param name="Files">Full paths of all files that the samples consist of, in that order.</param>
/// <param name="Folders">Full paths of the folders in which something that appears may become part of the data.</param>
internal sealed record CalibrationData(
    string Root, IReadOnlyList<string> Samples, IReadOnlyList<string> Files, IReadOnlyList<string> Folders)
{
    private const int ExamplesShown = 3;

    /// <summary>Finds the data that a config names.</summary>
    /// <param name="config">Tells place, kind and number.</param>
    /// <param name="warnings">Told of files that are not used.</param>
    /// <exception cref="QuantizeException">There is nothing at this place, or nothing of this kind.</exception>
    public static CalibrationData Find(QuantConfig config, ICollection<Diagnostic> warnings)
    {
        // A glob's last slash means something.
        string place = config.Pictures is not null ? config.File
            : Directory.Exists(config.FullPath) ? Path.TrimEndingDirectorySeparator(config.FullPath) : config.FullPath;
        try
        {
            (string root, IEnumerable<string> found, IReadOnlyCollection<string> folders) = Look(config, place);
            var candidates = found.Select(p => (Path: p, Name: Relative(root, p))).OrderBy(c => c.Name, StringComparer.Ordinal);
            bool isNamed = config.Pictures is null && File.Exists(place);
            (List<string> samples, List<string> others) = Choose(config, candidates.Select(c => c.Path), isNamed);
            if (samples.Count == 0)
            {
                throw Errors.DataFolderEmpty(config.File, place, SampleKinds.Describe(config.InputType), Hint(config, others));
            }

            if (others.Count > 0)
            {
                warnings.Add(Warnings.FilesSkipped(root, others.Count, SampleKinds.Describe(config.InputType), Examples(others)));
            }

            if (samples.Count < config.UsedSamples)
            {
                warnings.Add(Warnings.FewerFilesThanAsked(config.File, config.UsedSamples, samples.Count));
            }

            return new CalibrationData(
                root,
                samples,
                [.. samples.SelectMany(SampleKinds.FilesOf)],
                [.. folders.Concat(samples.Where(Directory.Exists)).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(place, e.Message, e);
        }
    }

    /// <summary>The name of a path below a folder, the same on every system.</summary>
    public static string Relative(string root, string path) =>
        Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static (string Root, IEnumerable<string> Found, IReadOnlyCollection<string> Folders) Look(
        QuantConfig config, string place)
    {
        if (config.Pictures is { Count: > 0 } listed)
        {
            return (CommonFolder(listed), listed, []);
        }

        if (Directory.Exists(place))
        {
            IEnumerable<string> entries = config.InputType == CalibrationInput.Sequence
                ? Directory.EnumerateFileSystemEntries(place)
                : Directory.EnumerateFiles(place);
            return (place, entries.Where(f => !Path.GetFileName(f).StartsWith('.')), [place]);
        }

        if (File.Exists(place))
        {
            return (Path.GetDirectoryName(place)!, [place], []);
        }

        if (!GlobPattern.HasWildcards(config.Path))
        {
            throw Errors.DataFolderMissing(config.File, place);
        }

        var glob = new GlobPattern(place);
        if (!Directory.Exists(glob.Root))
        {
            throw Errors.DataFolderMissing(config.File, glob.Root);
        }

        (IReadOnlyCollection<string> found, IReadOnlyCollection<string> visited) = glob.Find();
        return (glob.Root, found, visited);
    }

    /// <summary>The deepest folder that has them all: names below it don't tell where a checkout lies.</summary>
    internal static string CommonFolder(IReadOnlyList<string> paths)
    {
        string folder = Path.GetDirectoryName(paths[0])!;
        foreach (string path in paths)
        {
            while (!path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                folder = Path.GetDirectoryName(folder) ?? Path.GetPathRoot(path)!;
            }
        }

        return folder;
    }

    // A file that the config names is taken for what it should be: reading it tells what is wrong with it.
    private static (List<string> Samples, List<string> Others) Choose(
        QuantConfig config, IEnumerable<string> candidates, bool isNamed)
    {
        var samples = new List<string>();
        var others = new List<string>();
        foreach (string path in candidates)
        {
            (isNamed || SampleKinds.Is(config.InputType, path) ? samples : others).Add(path);
            if (samples.Count == config.UsedSamples && config.UsedSamples > 0)
            {
                break;
            }
        }

        return (samples, others);
    }

    private static string Examples(List<string> paths) =>
        string.Join(", ", paths.Take(ExamplesShown).Select(SampleKinds.DescribeFile)) + (paths.Count > ExamplesShown ? ", ..." : "");

    // The usual mistake is the wrong "input_type".
    private static string Hint(QuantConfig config, List<string> others)
    {
        CalibrationInput other = config.InputType == CalibrationInput.Image ? CalibrationInput.Sequence : CalibrationInput.Image;
        return others.Exists(path => SampleKinds.Is(other, path))
            ? $"There are {SampleKinds.Describe(other)}: set \"input_type\": \"{(other == CalibrationInput.Image ? "image" : "sequence")}\"."
            : others.Count > 0 ? $"There are only {Examples(others).TrimEnd('.')}. Put some there, or correct \"path\"."
            : "Put some there, or correct \"path\".";
    }
}
