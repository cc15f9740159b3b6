using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Examples;
using Mnn.Quantize.Training.Loop;
using Mnn.Quantize.Training.Losses;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>The whole way from a float model to an int8 model that was trained on.</summary>
public static partial class TrainPipeline
{
    private const int SplitPurpose = 3;

    /// <summary>Trains one model.</summary>
    /// <param name="options">What to train, with what, into what.</param>
    /// <param name="progress">Told of each step, from any thread; or null.</param>
    /// <param name="cancellation">
    /// Ends the run after the step that it is in. Nothing is written but a checkpoint of that step.
    /// </param>
    /// <returns>What was made.</returns>
    /// <exception cref="QuantizeException">Anything wrong with options, files or model.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainResult Run(
        TrainOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long start = Stopwatch.GetTimestamp();
        if (Path.GetFullPath(options.Source) == Path.GetFullPath(options.Destination))
        {
            throw Errors.SourceIsDestination(options.Source);
        }

        var warnings = new List<Diagnostic>();
        ConfigSource source = options.ToConfigSource();
        QuantConfig config = source.Load(warnings, forTraining: true);
        int workers = ParallelWorkers.Count(options.MaxParallelism);
        MnnModel model = MnnModel.Load(options.Source);
        MnnModel folded = MnnModel.Load(options.Source);
        BatchNormFolding.Apply(folded);
        Graph graph = Graph.Build(folded);

        if (config.Train.FeatureScaleStat == FeatureScaleStat.PerChannel)
        {
            warnings.Add(Warnings.OneScaleATensor(config.File));
        }

        var data = TrainData.Find(config, warnings);
        ITrainableNet net = TrainingGraph.Create(model, NetOptions(config, workers));
        ITrainableNet teacher = TrainingGraph.Create(model, NetOptions(config, workers) with { Quantize = false });
        (ExampleRange training, ExampleRange? validation) = Open(config, data, graph, workers, warnings, cancellation);
        Objective objective = MakeObjective(config, graph, teacher, training, validation);
        var defaults = new TrainDefaults(config.Train, BitsOf(config), training.Indices.Length, objective.NeedsLabels);
        var settings = new TrainSettings
        {
            Model = options.Source,
            Config = config.Train,
            Defaults = defaults,
            Objective = objective,
            Training = training,
            Validation = validation,
            Checkpoint = options.CheckpointFile,
            Identity = IdentityOf(model, source, data, cancellation),
        };
        var trainer = new Trainer(net, teacher, settings, progress);
        (double _, double? before) = validation is null ? (0, null) : trainer.Evaluate(teacher, 0, cancellation);
        TrainState state;
        try
        {
            state = trainer.Run(IsToResume(options, settings, warnings), cancellation);
        }
        catch (QuantizeException e) when (Errors.IsNotFinite(e))
        {
            // Is it the training, or were values of an example or of the float model no numbers before it began?
            FiniteCheck.Run(graph, training, cancellation);
            FiniteCheck.Run(graph, validation ?? training, cancellation);
            throw;
        }

        if (trainer.StoppedByTime)
        {
            warnings.Add(Warnings.StoppedByTime(config.File, $"{config.Train.Budget.Time!.Value}", trainer.EpochsDone, defaults.Epochs));
        }

        TrainEpoch best = state.BestSoFar!;
        if (objective.NeedsLabels && best.Accuracy < before - WorthAWarning)
        {
            warnings.Add(Warnings.WorseThanFloat(options.Source, best.Accuracy!.Value, before!.Value));
        }

        MnnModel int8 = net.ToModel();
        Int8Check check = Int8Check.Run(
            graph, int8, net, validation ?? First(training), defaults.BatchSize, workers, cancellation);
        int8.Save(options.Destination);
        DependencyFile.Write(
            options.DependencyFile, model.Files, options.Config.Length > 0 ? config.File : "", [.. data.Files, .. data.Folders]);
        File.Delete(options.CheckpointFile);
        return new TrainResult
        {
            Destination = Path.GetFullPath(options.Destination),
            SourceBytes = model.Files.Sum(f => new FileInfo(f).Length),
            DestinationBytes = new FileInfo(options.Destination).Length,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Bits = BitsOf(config),
            Untrained = state.Untrained,
            Epochs = state.Epochs,
            BestEpoch = best.Epoch,
            FloatAccuracy = before,
            Int8Accuracy = check.Accuracy,
            Int8Examples = check.Examples,
            Int8Interval = check.Accuracy is { } share
                ? LabelledTotals.Wilson((int)Math.Round(share * check.Examples), check.Examples)
                : null,
            Int8Agreement = objective.HasClasses ? check.Agreement : null,
            Cosine = check.Cosine,
            Top1Agreement = check.Top1Agreement,
            Convolutions = check.Convolutions,
            Examples = training.Indices.Length,
            ImagesPerSecond = trainer.ImagesPerSecond,
            Warnings = warnings,
        };
    }

    // All of a large set would take as long as an epoch, and tell nothing about new examples.
    private static ExampleRange First(ExampleRange training) => training with
    {
        Indices = training.Indices[..Math.Min(training.Indices.Length, MostTrainedExamples)],
    };

    private const int MostTrainedExamples = 1000;

    // Less than this is chance of a few examples.
    private const double WorthAWarning = 0.01;

    private static int BitsOf(QuantConfig config) => config.Train.Bits > 0 ? config.Train.Bits : config.QuantBits;

    private static TrainingOptions NetOptions(QuantConfig config, int workers) => new()
    {
        WeightBits = BitsOf(config),
        FeatureScaleStat = config.Train.FeatureScaleStat,
        ScaleUpdate = config.Train.ScaleUpdate,
        Momentum = (float)config.Train.Momentum,
        LearnStepSizes = TrainDefaults.Lsq(config.Train, BitsOf(config)),
        LearnFeatureSteps = config.Train.LsqFeatures,
        FrozenOps = config.Train.Frozen,
        SkippedOps = config.SkipOps,
        FreezeStatisticsAfter = config.Train.FreezeStatisticsAfter ?? int.MaxValue,
        Seed = config.Train.Seed,
        Workers = workers,
    };

    private static (ExampleRange Training, ExampleRange? Validation) Open(
        QuantConfig config, TrainData data, Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation)
    {
        ExampleSet training = data.Training.Open(graph, workers, warnings, cancellation);
        if (data.Validation is not null)
        {
            ExampleSet validation = data.Validation.Open(graph, workers, warnings, cancellation);
            return (ExampleRange.All(training), ExampleRange.All(validation));
        }

        int kept = (int)(training.Count * config.Train.ValidationShare);
        if (config.Train.ValidationShare == 0)
        {
            return (ExampleRange.All(training), null);
        }

        if (kept == 0 || kept == training.Count)
        {
            throw Errors.TooFewExamples(config.File, training.Count);
        }

        int[] order = ExampleRange.All(training).Indices;
        new RandomSource(config.Train.Seed, SplitPurpose).Shuffle(order);
        return (new ExampleRange(training, order[kept..]), new ExampleRange(training, order[..kept]));
    }

    private static Objective MakeObjective(
        QuantConfig config, Graph graph, ITrainableNet teacher, ExampleRange training, ExampleRange? validation)
    {
        IReadOnlyList<TensorValue> outputs = teacher.Forward(training.Set.Read([training.Indices[0]], null), training: false);
        OutputKind[] kinds = [.. outputs.Select((output, k) => OutputKinds.Of(graph, k, output.Shape))];
        ExampleLabels? labels = training.Set.Labels;
        double distill = config.Train.Distill ?? (labels is null ? 1 : 0);
        if (distill < 1 && labels is null)
        {
            throw Errors.LabelsMissing(config.File, config.Train.Data);
        }

        if (distill < 1 && kinds[0] == OutputKind.Values)
        {
            throw Errors.ClassesMissing(config.File, outputs[0].Name, Shapes.Text([.. outputs[0].Shape]));
        }

        if (labels is not null && validation is not null && validation.Set.Labels is null)
        {
            throw Errors.ValidationWithoutLabels(config.File, config.Train.ValidationData);
        }

        if (kinds[0] != OutputKind.Values)
        {
            labels?.Check(outputs[0].Name, outputs[0].Floats.Length);
            validation?.Set.Labels?.Check(outputs[0].Name, outputs[0].Floats.Length);
        }

        return new Objective(kinds, config.Train.Loss, distill, config.Train.Temperature);
    }

    private static bool IsToResume(TrainOptions options, TrainSettings settings, ICollection<Diagnostic> warnings)
    {
        if (options.Resume != TrainResume.IfSame || !File.Exists(options.CheckpointFile))
        {
            return options.Resume != TrainResume.Never;
        }

        try
        {
            string different = Checkpoint.Difference(options.CheckpointFile, settings.Identity);
            if (different.Length == 0)
            {
                return true;
            }

            warnings.Add(Warnings.CheckpointNotUsed(options.CheckpointFile, different));
        }
        catch (QuantizeException e)
        {
            warnings.Add(Warnings.CheckpointNotUsed(options.CheckpointFile, e.Diagnostic.Message));
        }

        return false;
    }

    private static List<KeyValuePair<string, string>> IdentityOf(
        MnnModel model, ConfigSource source, TrainData data, CancellationToken cancellation) =>
    [
        new("engine", typeof(TrainPipeline).Module.ModuleVersionId.ToString("N")),
        new("model", Hash(model.Files, cancellation)),
        new("settings", ContentHashes.Of(Encoding.UTF8.GetBytes(source.Canonical(forTraining: true)))),
        new("data", Hash(data.Files, cancellation)),
    ];

    private static string Hash(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            using FileStream stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
