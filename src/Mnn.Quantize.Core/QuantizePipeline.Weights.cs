using System.Diagnostics;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Compression;
using Mnn.Quantize.Quantization.Locking;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>The modes that store weights in fewer bits and leave all else as it is: no calibration.</summary>
public static partial class QuantizePipeline
{
    private static QuantizeResult RunWeights(
        QuantizeOptions options,
        QuantConfig config,
        List<Diagnostic> warnings,
        long start,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        progress?.Report(new QuantizeProgress("loading", 0, 0));
        int workers = ParallelWorkers.Count(options.MaxParallelism);
        MnnModel source = LoadFolded(options.Source);
        CalibrationData data = DataIfAny(config, options.Source, warnings);
        progress?.Report(new QuantizeProgress("compressing", 0, 0));
        MnnModel model = LoadFolded(options.Source);
        IReadOnlyList<CompressedOperator> operators = WeightCompressor.Apply(model, config, workers, warnings, cancellation);
        byte[] bytes = model.ToBytes();
        var check = WeightCheck.Run(
            source, bytes, config, data.Samples, ComparedPictures, workers, warnings, progress, cancellation);
        ComparisonReport? comparison = config.Debug && data.Samples.Count > 0
            ? CompareAll(options, config, source, bytes, data, workers, progress, cancellation)
            : null;
        model.Save(options.Destination);
        WriteLock(options, LockOf(options, config, source, model, data, check, bytes));
        if (comparison is not null)
        {
            AtomicFile.Write(options.Destination + ComparisonSuffix, Reporting.ComparisonText.Json(comparison));
        }

        DependencyFile.Write(
            options.DependencyFile, source.Files, options.Config.Length > 0 ? config.File : "", [.. data.Files, .. data.Folders]);
        return new QuantizeResult
        {
            Mode = config.Mode,
            Destination = Path.GetFullPath(options.Destination),
            SourceBytes = source.Files.Sum(f => new FileInfo(f).Length),
            DestinationBytes = bytes.Length,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Cosine = check.Cosine,
            Top1Agreement = check.Top1Agreement,
            ComparedOn = check.On,
            Pictures = check.Count,
            Convolutions = CountStored(model),
            Warnings = warnings,
            Comparison = comparison,
            Weights = operators,
        };
    }

    private static PlanReport PlanWeights(QuantizeOptions options, QuantConfig config, List<Diagnostic> warnings, CancellationToken cancellation)
    {
        warnings.AddRange(options.Config.Length > 0 ? IdleKeys.Find(config, File.ReadAllBytes(options.Config)) : []);
        MnnModel model = LoadFolded(options.Source);
        long sourceBytes = model.Files.Sum(f => new FileInfo(f).Length);
        IReadOnlyList<CompressedOperator> operators = WeightCompressor.Apply(model, config, 1, warnings, cancellation);
        return new PlanReport
        {
            Mode = config.Mode,
            Model = Path.GetFullPath(options.Source),
            Config = Path.GetFullPath(config.File),
            SourceBytes = sourceBytes,
            ExpectedBytes = model.ToBytes().Length,
            Convolutions = CountStored(model),
            Steps = [.. operators.Select(o => new PlannedStep(o.Name, o.Type, StepKind.Float, WeightWords.Of(o)))],
            Warnings = warnings,
        };
    }

    // A model that was converted for training can't be run as it is.
    private static MnnModel LoadFolded(string path)
    {
        var model = MnnModel.Load(path);
        BatchNormFolding.Apply(model);
        return model;
    }

    /// <summary>The data that a mode that needs none is told of; with nothing in it if it is told of none.</summary>
    internal static CalibrationData DataIfAny(QuantConfig config, string model, ICollection<Diagnostic> warnings) =>
        config.Path.Length > 0 || config.Pictures is { Count: > 0 }
            ? CalibrationData.Find(config, warnings)
            : new CalibrationData(Path.GetDirectoryName(Path.GetFullPath(model))!, [], [], []);

    private static ComparisonReport CompareAll(
        QuantizeOptions options,
        QuantConfig config,
        MnnModel source,
        byte[] compressed,
        CalibrationData data,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var floats = Graph.Build(source);
        ISampleFeeder feeder = SampleFeeder.Create(floats, config);
        IReadOnlyList<string> samples = CorruptSamples.LeaveOut(config, data.Samples, feeder, workers, [], cancellation);
        var comparer = new ModelComparer(
            floats, Graph.Build(MnnModel.FromBytes(compressed, source.Path)), labels: SampleLabels.Find(config, data.Root, samples));
        return comparer.Run((session, i) => feeder.Feed(session, samples[i]), samples.Count, workers, progress, cancellation) with
        {
            Int8 = Path.GetFullPath(options.Destination),
        };
    }

    private static (int Stored, int All) CountStored(MnnModel model)
    {
        Op[] all = [.. Convolutions(model)];
        return (all.Count(op => ((Convolution2D)op.Main!).QuanParameter is not null), all.Length);
    }

    private static IEnumerable<Op> Convolutions(MnnModel model) =>
        (model.Net.Oplists ?? []).Concat((model.Net.Subgraphs ?? []).SelectMany(graph => graph.Nodes ?? []))
            .Where(op => QuantizationPlan.IsConvolution(op.Type) && op.Main is Convolution2D);

    // All follows from the float model and the settings: there is no tensor to write down.
    private static LockFile LockOf(
        QuantizeOptions options,
        QuantConfig config,
        MnnModel source,
        MnnModel model,
        CalibrationData data,
        WeightCheck check,
        byte[] bytes) => new()
        {
            ModelHash = ContentHashes.OfFiles(source.Files),
            SamplesHash = ContentHashes.OfSamples(data.Root, data.Samples),
            Samples = data.Samples.Count,
            Int8Hash = ContentHashes.Of(bytes),
            Version = ContentHashes.Version,
            Method = WeightWords.Of(config),
            Cosine = check.Cosine,
            Top1Agreement = check.Top1Agreement,
            WeightMethod = config.EffectiveWeightMethod,
            WeightBits = config.QuantBits,
            WeightClamp = config.WeightClamp,
            Settings = options.ToConfigSource().Lines(),
            Tensors = [],
            Convolutions =
            [
                .. Convolutions(model).Where(op => op.OutputIndexes is [_, ..]).Select(op => new LockedConvolution(
                    op.OutputIndexes![0],
                    op.Name ?? "",
                    ((Convolution2D)op.Main!).QuanParameter is null ? LockedWeights.Float : LockedWeights.Stored,
                    null,
                    null)),
            ],
            Factors = new Dictionary<int, float[]>(),
        };
}
