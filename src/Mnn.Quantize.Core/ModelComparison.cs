using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Verification;

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
        var warnings = new List<Diagnostic>();
        QuantConfig config = QuantConfigReader.Load(options.Config, warnings);
        config = options.Pictures > 0 ? config with { UsedSamples = options.Pictures } : config;

        progress?.Report(new QuantizeProgress("loading", 0, 0));
        var expected = Graph.Build(MnnModel.Load(options.Float));
        var actual = Graph.Build(MnnModel.Load(options.Int8));
        var comparer = new ModelComparer(expected, actual);
        int workers = options.MaxParallelism > 0 ? options.MaxParallelism : Environment.ProcessorCount;
        ISampleFeeder feeder = SampleFeeder.Create(expected, config);
        IReadOnlyList<string> pictures = CorruptSamples.LeaveOut(
            config, CalibrationData.Find(config, warnings).Samples, feeder, workers, warnings, cancellation);
        ComparisonReport report = comparer.Run(
            (session, i) => feeder.Feed(session, pictures[i]), pictures.Count, workers, progress, cancellation);
        return report with { Warnings = warnings };
    }
}
