using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
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
        QuantConfig settings = options.ToConfigSource().Load(warnings, forTraining: true);
        if (settings.CompressesOnly)
        {
            return PlanWeights(options, settings, warnings, cancellation);
        }

        if (settings.Mode == QuantizeMode.Train || (settings is { Path: "", Pictures: null } && settings.Train.Data.Length > 0))
        {
            return TrainPipeline.Plan(options, settings, warnings, cancellation);
        }

        if (settings.Path.Length == 0 && settings.Pictures is null)
        {
            throw Errors.ConfigWithoutPath(settings.File, settings.Start.Line, settings.Start.Column);
        }

        var maker = CandidateMaker.Prepare(source, settings, 1, warnings, cancellation, LookedAt);
        settings = maker.Config;
        warnings.AddRange(config.Length > 0 ? IdleKeys.Find(settings, File.ReadAllBytes(config)) : []);
        maker.Lint.Look(maker.Feeder, maker.Samples, cancellation);
        maker.Lint.Report(maker.Data.Samples, warnings);
        MnnModel int8 = Rehearse(maker, cancellation);
        byte[] bytes = int8.ToBytes();
        var result = Graph.Build(MnnModel.FromBytes(bytes, source));
        return new PlanReport
        {
            Model = Path.GetFullPath(source),
            Config = Path.GetFullPath(settings.File),
            SourceBytes = maker.Source.Files.Sum(f => new FileInfo(f).Length),
            ExpectedBytes = bytes.Length,
            Convolutions = (maker.Plan.Convolutions.Count, maker.Graph.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            Steps = PlannedSteps.List(result, settings.SkipOps),
            Warnings = warnings,
        };
    }

    // Methods of weights change their values, and ADMM that of scales, not what is made of them: the quickest will do.
    private static MnnModel Rehearse(CandidateMaker maker, CancellationToken cancellation)
    {
        CandidateMaker quick = maker.On([maker.Samples[0]]);
        FeatureMethod method = quick.Config.FeatureMethod;
        QuantizeRecipe recipe = QuantizeRecipe.Of(quick.Config) with
        {
            FeatureMethod = method == FeatureMethod.ADMM ? FeatureMethod.KL : method,
            WeightMethod = WeightMethod.MaxAbs,
            Repair = quick.Config.Repair & ~Repairs.Rounding,
        };
        quick.Calibrate(!quick.FollowsBatches, 0, null, null, cancellation);
        return quick.Make(recipe, [], null, cancellation).Model;
    }
}
