using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Verification;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize;

/// <summary>What to compare.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The model that is right by definition, usually the float one.</summary>
    public required string Float { get; init; }

    /// <summary>The model that is measured. Its inputs and outputs have the same names.</summary>
    public required string Int8 { get; init; }

    /// <summary>The <c>quant.json</c> that says which pictures to take and how to prepare them.</summary>
    public required string Config { get; init; }

    /// <summary>How many pictures to take, the first ones by name; 0 takes as many as the config does.</summary>
    public int Pictures { get; init; }

    /// <summary>Worker threads, 1 to 256; 0 means one a core. But for times, the result does not depend on it.</summary>
    public int MaxParallelism { get; init; }

    /// <summary>Classes of the pictures, instead of the config's <c>labels</c>: a file of lines NAME LABEL, or <c>folders</c>.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether <see cref="ComparisonReport.Report"/> is wanted, which takes more time and memory.</summary>
    public bool WantsReport { get; init; }
}

/// <summary>Measures what a model lost when it was quantized.</summary>
public static class ModelComparison
{
    /// <summary>Runs both models on the same pictures and compares outputs and all tensors between.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="progress">Told of each picture, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="QuantizeException">Files are missing or damaged, or the models don't belong together.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ComparisonReport Run(
        ComparisonOptions options, IProgress<QuantizeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = new ConfigSource(options.Config, new Dictionary<string, string>(), "", null);
        return Run(options, source, progress, cancellation);
    }

    /// <summary>The report on an int8 model that was made with these options.</summary>
    /// <param name="options">What was quantized, with what, into what.</param>
    /// <param name="made">What the run that made it told, for what was tried and how sensitive operators are; or null.</param>
    /// <param name="progress">Told of each picture, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>All that a report shows; the same for the same files, with any number of threads.</returns>
    /// <exception cref="QuantizeException">Files are missing or damaged, or the models don't belong together.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static ModelReport Report(
        QuantizeOptions options,
        QuantizeResult? made = null,
        IProgress<QuantizeProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var comparison = new ComparisonOptions
        {
            Float = options.Source,
            Int8 = options.Destination,
            Config = options.Config,
            MaxParallelism = options.MaxParallelism,
            WantsReport = true,
        };
        ModelReport report = Run(comparison, options.ToConfigSource(), progress, cancellation).Report!;
        if (made is null)
        {
            return report;
        }

        var losses = made.Sensitivities.DistinctBy(s => s.Tensor).ToDictionary(s => s.Tensor, s => s.Loss);
        return report with
        {
            Candidates =
            [
                .. made.Tried.Select(t => new CandidateReport(t.Name, t.Cosine, t.Bytes, t.IsChosen, t.IsOnFrontier(made.Tried))),
            ],
            Layers =
            [
                .. report.Layers.Select(l => l with { Sensitivity = losses.TryGetValue(l.Tensor, out double loss) ? loss : null }),
            ],
        };
    }

    private static ComparisonReport Run(
        ComparisonOptions options,
        ConfigSource source,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var warnings = new List<Diagnostic>();
        QuantConfig config = source.Load(warnings);
        config = options.Pictures > 0 ? config with { UsedSamples = options.Pictures } : config;
        config = options.Labels is { } file ? config with { Labels = file } : config;

        progress?.Report(new QuantizeProgress("loading", 0, 0));
        MnnModel floats = MnnModel.Load(options.Float);
        MnnModel int8s = MnnModel.Load(options.Int8);
        if (!BatchNormFolding.HasBatchNorm(int8s))
        {
            BatchNormFolding.Apply(floats);
        }

        var expected = Graph.Build(floats);
        var actual = Graph.Build(int8s);
        int workers = ParallelWorkers.Count(options.MaxParallelism);
        if (config is { CompressesOnly: true, Path: "", Pictures: null or [] })
        {
            return OnNoise(options, source, config, (floats, int8s), (expected, actual), workers, warnings, progress, cancellation);
        }

        ISampleFeeder feeder = SampleFeeder.Create(expected, config);
        var data = CalibrationData.Find(config, warnings);
        IReadOnlyList<string> pictures = CorruptSamples.LeaveOut(
            config, data.Samples, feeder, workers, warnings, cancellation);
        int?[]? labels = SampleLabels.Find(config, data.Root, pictures);
        var comparer = new ModelComparer(expected, actual, options.WantsReport, labels);
        ComparisonReport report = comparer.Run(
            (session, i) => feeder.Feed(session, pictures[i]), pictures.Count, workers, progress, cancellation);
        if (comparer.FirstNotFinite is var (picture, tensor))
        {
            warnings.Add(Warnings.NotFinite(tensor.File, tensor.Tensor, tensor.Op, Path.GetFileName(pictures[picture])));
        }

        report = report with { Warnings = warnings };
        if (labels is not null && report.Outputs.FirstOrDefault(o => o.IsScores) is { } scores)
        {
            SampleLabels.Check(config, labels, scores.Name, report.Classes);
        }

        if (!options.WantsReport)
        {
            return report;
        }

        var files = new ReportedFiles(floats, int8s, source.Lines(), config, data with { Samples = pictures });
        return report with
        {
            Report = new ReportMaker(expected, actual).Make(report, comparer.Details!, config.SkipOps, files.Describe()),
        };
    }

    // What needs no data has a report without them: on made-up inputs, and if the model can't take those, on none.
    private static ComparisonReport OnNoise(
        ComparisonOptions options,
        ConfigSource source,
        QuantConfig config,
        (MnnModel Float, MnnModel Other) models,
        (Graph Float, Graph Other) graphs,
        int workers,
        List<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        ModelComparer comparer;
        ComparisonReport report;
        IReadOnlyList<string> names = SynthesizedFeeder.Names(WeightCheck.SynthesizedInputs);
        try
        {
            var feeder = new SynthesizedFeeder(graphs.Float, config);
            comparer = new ModelComparer(graphs.Float, graphs.Other, options.WantsReport);
            report = comparer.Run((session, i) => feeder.Feed(session, names[i]), names.Count, workers, progress, cancellation);
        }
        catch (QuantizeException e)
        {
            warnings.Add(Warnings.NotCompared(models.Float.Path, e.Diagnostic.Message));
            names = [];
            comparer = new ModelComparer(graphs.Float, graphs.Other, options.WantsReport);
            report = comparer.Run((_, _) => { }, 0, workers, progress, cancellation);
        }

        var data = new CalibrationData("", [], [], []);
        var files = new ReportedFiles(models.Float, models.Other, source.Lines(), config, data, names);
        report = report with { Warnings = warnings };
        return options.WantsReport
            ? report with { Report = new ReportMaker(graphs.Float, graphs.Other).Make(report, comparer.Details!, config.SkipOps, files.Describe()) }
            : report;
    }
}
