using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Files with a class each: from a list of lines <c>NAME LABEL</c>, or a folder for each class.</summary>
internal sealed class ListedSource : ExampleSource
{
    private readonly IReadOnlyList<string> _samples;
    private readonly ExampleLabels _labels;
    private readonly IReadOnlyList<string> _folders;

    private ListedSource(
        QuantConfig config, string data, string list, IReadOnlyList<string> samples, ExampleLabels labels, IReadOnlyList<string> folders)
        : base(config, data, list) => (_samples, _labels, _folders) = (samples, labels, folders);

    /// <inheritdoc/>
    public override string Root => Data;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files =>
        [.. Labels.Length > 0 ? [Labels] : (string[])[], .. _samples.SelectMany(SampleKinds.FilesOf)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Folders => _folders;

    /// <summary>Reads a list; names in it are relative to a folder.</summary>
    /// <exception cref="QuantizeException">The list is malformed, or names what isn't there.</exception>
    public static ListedSource Find(QuantConfig config, string folder, string list)
    {
        if (!Directory.Exists(folder))
        {
            throw Errors.DataFolderMissing(config.File, folder);
        }

        List<LabelLine> lines = LabelFile.Read(list);
        var samples = new string[lines.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            string sample = Path.Combine(folder, lines[i].Name.Replace('\\', Path.DirectorySeparatorChar));
            samples[i] = Path.Exists(sample)
                ? Path.GetFullPath(sample)
                : throw Errors.LabelledMissing(list, lines[i].Line, lines[i].Name, folder);
        }

        var labels = new ExampleLabels(list, [.. lines.Select(l => l.Label)], [.. lines.Select(l => l.Line)]);
        return new ListedSource(config, Path.TrimEndingDirectorySeparator(folder), list, samples, labels, []);
    }

    /// <summary>Whether a folder has folders, and no samples beside them.</summary>
    public static bool HasClasses(QuantConfig config, string folder) =>
        config.InputType == CalibrationInput.Image && Directory.Exists(folder) && ClassFolders(folder).Any()
        && !Directory.EnumerateFiles(folder).Any(file => SampleKinds.Is(config.InputType, file));

    /// <summary>Takes the folders of a folder for classes, in the order of their names.</summary>
    /// <exception cref="QuantizeException">One of them has no pictures.</exception>
    public static ListedSource FindClasses(QuantConfig config, string folder)
    {
        var samples = new List<string>();
        var labels = new List<int>();
        string[] classes = [.. ClassFolders(folder)];
        for (int label = 0; label < classes.Length; label++)
        {
            int before = samples.Count;
            samples.AddRange(Directory.EnumerateFiles(classes[label])
                .Where(file => !IsHidden(file) && SampleKinds.Is(config.InputType, file))
                .Order(StringComparer.Ordinal));
            labels.AddRange(Enumerable.Repeat(label, samples.Count - before));
            if (samples.Count == before)
            {
                throw Errors.ClassFolderEmpty(classes[label]);
            }
        }

        return new ListedSource(
            config, Path.TrimEndingDirectorySeparator(folder), "", samples, new ExampleLabels(folder, [.. labels], []), [folder, .. classes]);
    }

    /// <inheritdoc/>
    public override ExampleSet Open(
        Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation) =>
        OpenFiles(Config, _samples, _labels, graph, workers, warnings, cancellation);

    /// <summary>Reads samples in files.</summary>
    internal static ExampleSet OpenFiles(
        QuantConfig config,
        IReadOnlyList<string> samples,
        ExampleLabels? labels,
        Graph graph,
        int workers,
        ICollection<Diagnostic> warnings,
        CancellationToken cancellation) => config.InputType == CalibrationInput.Image
            ? PictureExamples.Load(new PictureFiles(samples, labels), graph, config, workers, warnings, cancellation)
            : new ArrayExamples(graph, new ArrayFeeder(graph, config), samples, labels);

    private static IEnumerable<string> ClassFolders(string folder) => Directory.EnumerateDirectories(folder)
        .Where(path => !IsHidden(path))
        .OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal);

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');
}
