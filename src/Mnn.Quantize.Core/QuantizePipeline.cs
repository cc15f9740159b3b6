using System.Diagnostics;
using System.Text;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>The whole way from a float model to an int8 model.</summary>
public static partial class QuantizePipeline
{
    /// <summary>Pictures on which the int8 model is compared with the float model.</summary>
    private const int ComparedPictures = 8;

    /// <summary>Quantizes one model.</summary>
    /// <param name="options">What to quantize, with what, into what.</param>
    /// <param name="progress">Told of each step, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run within a second, with nothing written.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="QuantizeException">Anything wrong with options, files or model.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static QuantizeResult Run(
        QuantizeOptions options, IProgress<QuantizeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long start = Stopwatch.GetTimestamp();
        if (Path.GetFullPath(options.Source) == Path.GetFullPath(options.Destination))
        {
            throw Errors.SourceIsDestination(options.Source);
        }

        var warnings = new List<Diagnostic>();
        QuantConfig config = options.ReadConfig(warnings);
        if (config.Mode == QuantizeMode.Train)
        {
            return TrainPipeline.RunForBuild(options, progress, cancellation);
        }

        progress?.Report(new QuantizeProgress("loading", 0, 0));
        MnnModel model = MnnModel.Load(options.Source);
        config = WithMethodFor(model, config, warnings);
        BatchNormFolding.Apply(model);
        Graph graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, config, warnings);
        int workers = options.MaxParallelism > 0 ? options.MaxParallelism : Environment.ProcessorCount;
        var data = CalibrationData.Find(config, warnings);
        var lint = new PreprocessingLint(graph, config);
        ISampleFeeder feeder = SampleFeeder.Create(graph, config, lint);
        IReadOnlyList<string> pictures =
            CorruptSamples.LeaveOut(config, data.Samples, feeder, workers, warnings, cancellation);

        bool ema = config.FeatureMethod == FeatureMethod.EMA;
        var calibrator = new Calibrator(graph, feeder, ema ? new bool[graph.TensorCount] : plan.Observed);
        CalibrationResult calibration = calibrator.Run(
            ema ? [.. pictures.Take(ComparedPictures)] : pictures, ComparedPictures, workers, progress, cancellation);

        progress?.Report(new QuantizeProgress("quantizing", 0, 0));
        QuantParameters?[] quant = ema
            ? EmaFeatures.Find(
                plan, Load(options.Source), feeder, config, pictures, workers, warnings, progress, cancellation)
            : FeatureScales.Find(graph, calibration, config, workers, warnings);
        lint.Report(pictures, warnings);
        MnnModel int8 = Load(options.Source);
        int convolutions = Apply(plan, config, quant, int8);
        cancellation.ThrowIfCancellationRequested();

        (double cosine, double agreement) = Compare(int8, feeder, pictures, calibration, progress, cancellation);
        ComparisonReport? comparison = Examine(
            options, config, graph, int8, feeder, pictures, workers, progress, cancellation);
        int8.Save(options.Destination);
        WriteDebugFiles(options, int8, comparison);
        if (options.DependencyFile is { } dependencies)
        {
            IEnumerable<string> configs = options.Config.Length > 0 ? [config.File] : [];
            IEnumerable<string> files = [.. model.Files, .. configs, .. data.Files, .. data.Folders];
            string lines = string.Concat(files.Select(f => Path.GetFullPath(f) + "\n"));
            AtomicFile.Write(dependencies, Encoding.UTF8.GetBytes(lines));
        }

        return new QuantizeResult
        {
            Destination = Path.GetFullPath(options.Destination),
            SourceBytes = model.Files.Sum(f => new FileInfo(f).Length),
            DestinationBytes = new FileInfo(options.Destination).Length,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Cosine = cosine,
            Top1Agreement = agreement,
            Convolutions = (convolutions, graph.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            Pictures = pictures.Count,
            Warnings = warnings,
            Comparison = comparison,
        };
    }

    // A model that still holds BatchNorm was made to be trained on, which only EMA follows.
    private static QuantConfig WithMethodFor(MnnModel model, QuantConfig config, ICollection<Diagnostic> warnings)
    {
        if (config.FeatureMethod == FeatureMethod.EMA || !BatchNormFolding.HasBatchNorm(model))
        {
            return config;
        }

        warnings.Add(Warnings.EmaForBatchNorm(model.Path, config.FeatureMethod.ToString()));
        return config with { FeatureMethod = FeatureMethod.EMA };
    }

    private static int Apply(QuantizationPlan plan, QuantConfig config, QuantParameters?[] quant, MnnModel int8)
    {
        HashSet<string> quantized = [.. plan.Convolutions.Select(o => o.Name ?? "")];
        return new ModelQuantizer(config, quant).Apply(int8, op => quantized.Contains(op.Name ?? ""));
    }

    // What is calibrated and what is written start from the same folded model.
    private static MnnModel Load(string path)
    {
        MnnModel model = MnnModel.Load(path);
        BatchNormFolding.Apply(model);
        return model;
    }

    // The int8 model is read back from its bytes, so that what is compared is what is written.
    private static (double Cosine, double Top1Agreement) Compare(
        MnnModel int8,
        ISampleFeeder feeder,
        IReadOnlyList<string> pictures,
        CalibrationResult calibration,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var session = new InferenceSession(MnnModel.FromBytes(int8.ToBytes(), int8.Path));
        var outputs = new List<IReadOnlyList<TensorValue>>();
        for (int i = 0; i < calibration.Outputs.Count; i++)
        {
            feeder.Feed(session, pictures[i]);
            session.Runner.Run(cancellation);
            outputs.Add([.. session.Graph.OutputIds.Select(session.ReadOutput)]);
            session.Runner.ReleaseAll();
            progress?.Report(new QuantizeProgress("comparing", i + 1, calibration.Outputs.Count));
        }

        return (OutputCosine.Mean(calibration.Outputs, outputs), TopElement.Agreement(calibration.Outputs, outputs));
    }
}
