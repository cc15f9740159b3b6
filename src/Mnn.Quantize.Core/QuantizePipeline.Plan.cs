using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>What a run will do, before it is done.</summary>
public static partial class QuantizePipeline
{
    // Preprocessing that is wrong is wrong for all samples; copies among the later ones are left to the run.
    private const int LookedAt = 16;

    /// <summary>
    /// Quantizes in memory with the first picture alone. What becomes int8 and how long the file is don't depend on the
    /// pictures, so that all but scales is as it will be.
    /// </summary>
    /// <param name="source">The float model.</param>
    /// <param name="config">The <c>quant.json</c>.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Each operator with what it will be and why, and the expected size.</returns>
    /// <exception cref="QuantizeException">Anything wrong with config, model or the first samples.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static PlanReport Plan(string source, string config, CancellationToken cancellation = default) =>
        Plan(new QuantizeOptions { Source = source, Destination = "", Config = config }, cancellation);

    /// <summary>The same for settings that may be from elsewhere than a config.</summary>
    /// <param name="options">The float model and where its settings are from; the destination is not looked at.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Each operator with what it will be and why, and the expected size.</returns>
    /// <exception cref="QuantizeException">Anything wrong with config, model or the first samples.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static PlanReport Plan(QuantizeOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var warnings = new List<Diagnostic>();
        (string source, string config) = (options.Source, options.Config);
        MnnModel model = MnnModel.Load(source);
        QuantConfig settings = WithMethodFor(model, options.ReadConfig(warnings), warnings);
        if (settings.Path.Length == 0 && settings.Pictures is null)
        {
            throw Errors.ConfigWithoutPath(settings.File, settings.Start.Line, settings.Start.Column);
        }

        warnings.AddRange(config.Length > 0 ? IdleKeys.Find(settings, File.ReadAllBytes(config)) : []);
        BatchNormFolding.Apply(model);
        var graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, settings, warnings);
        IReadOnlyList<string> samples = CalibrationData.Find(settings, warnings).Samples;
        var lint = new PreprocessingLint(graph, settings);
        ISampleFeeder feeder = SampleFeeder.Create(graph, settings, lint);
        IReadOnlyList<string> looked = CorruptSamples.LeaveOut(
            settings, [.. samples.Take(LookedAt)], feeder, 1, warnings, cancellation);
        lint.Look(feeder, looked, cancellation);
        lint.Report(samples, warnings);
        MnnModel int8 = Rehearse(source, graph, plan, settings, feeder, looked[0], cancellation);
        byte[] bytes = int8.ToBytes();
        var result = Graph.Build(MnnModel.FromBytes(bytes, source));
        return new PlanReport
        {
            Model = Path.GetFullPath(source),
            Config = Path.GetFullPath(settings.File),
            SourceBytes = model.Files.Sum(f => new FileInfo(f).Length),
            ExpectedBytes = bytes.Length,
            Convolutions = (plan.Convolutions.Count, graph.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            Steps = PlannedSteps.List(result, settings.SkipOps),
            Warnings = warnings,
        };
    }

    // Methods of weights change their values, and ADMM that of scales, not what is made of them: the quickest will do.
    private static MnnModel Rehearse(
        string source,
        Graph graph,
        QuantizationPlan plan,
        QuantConfig settings,
        ISampleFeeder feeder,
        string sample,
        CancellationToken cancellation)
    {
        bool ema = settings.FeatureMethod == FeatureMethod.EMA;
        QuantConfig quick = settings with
        {
            UsedSamples = 1,
            BatchSize = 1,
            FeatureMethod = ema ? FeatureMethod.EMA : FeatureMethod.KL,
            WeightMethod = WeightMethod.MaxAbs,
        };
        var unheard = new List<Diagnostic>();
        IReadOnlyList<string> samples = [sample];
        MnnModel int8 = Load(source);
        if (ema)
        {
            Apply(plan, quick, EmaFeatures.Find(plan, Load(source), feeder, quick, samples, 1, unheard, null, cancellation), int8);
        }
        else
        {
            CalibrationResult calibration = new Calibrator(graph, feeder, plan.Observed).Run(samples, 0, 1, null, cancellation);
            Apply(plan, quick, FeatureScales.Find(graph, calibration, quick, 1, unheard), int8);
        }

        return int8;
    }
}
