using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Where examples are: found without reading them, so that a build can tell whether they changed.</summary>
/// <param name="config">Kind of data and preprocessing.</param>
/// <param name="data">Full path of the data.</param>
/// <param name="labels">Full path of the labels; empty if there are none, or the data have them.</param>
internal abstract class ExampleSource(QuantConfig config, string data, string labels)
{
    /// <summary>Full path of the folder below which the names of <see cref="Files"/> matter.</summary>
    public abstract string Root { get; }

    /// <summary>Full paths of all files, in the order in which they are used.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>Full paths of the folders in which something that appears may become part of the data.</summary>
    public virtual IReadOnlyList<string> Folders => [];

    /// <summary>Kind of data and preprocessing.</summary>
    protected QuantConfig Config => config;

    /// <summary>Full path of the data.</summary>
    protected string Data => data;

    /// <summary>Full path of the labels, or empty.</summary>
    protected string Labels => labels;

    /// <summary>Reads the examples.</summary>
    /// <param name="graph">The model that gets them.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">Told of examples that are left out.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="QuantizeException">A file is damaged or does not fit the model.</exception>
    public abstract ExampleSet Open(
        Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation);

    /// <summary>Finds the examples that a config names.</summary>
    /// <param name="config">Kind of data and preprocessing.</param>
    /// <param name="data">Where the data are, as written; empty takes those of calibration.</param>
    /// <param name="labels">Where their labels are, as written; or empty.</param>
    /// <param name="warnings">Told of files that are not used.</param>
    /// <exception cref="QuantizeException">There is nothing at this place, or nothing of this kind.</exception>
    public static ExampleSource Find(QuantConfig config, string data, string labels, ICollection<Diagnostic> warnings)
    {
        string place = data.Length > 0 ? config.Resolve(data) : config.FullPath;
        string labelled = labels.Length > 0 ? config.Resolve(labels) : "";
        if (File.Exists(place) && IdxFile.Is(place))
        {
            return new IdxSource(config, place, labelled);
        }

        if (File.Exists(place) && Path.GetExtension(place).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            return new CsvSource(config, place, labelled);
        }

        if (labelled.Length > 0)
        {
            return ListedSource.Find(config, place, labelled);
        }

        QuantConfig there = data.Length > 0 ? config with { Path = place, Pictures = null, UsedSamples = 0 } : config;
        return there.Pictures is null && ListedSource.HasClasses(config, place)
            ? ListedSource.FindClasses(config, place)
            : new PlainSource(there, CalibrationData.Find(there, warnings));
    }
}

/// <summary>Samples without labels, found as those of calibration are.</summary>
internal sealed class PlainSource(QuantConfig config, CalibrationData found) : ExampleSource(config, found.Root, "")
{
    /// <inheritdoc/>
    public override string Root => found.Root;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => found.Files;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Folders => found.Folders;

    /// <inheritdoc/>
    public override ExampleSet Open(Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation) =>
        ListedSource.OpenFiles(Config, found.Samples, null, graph, workers, warnings, cancellation);
}
