using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Quantization.Compression;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>Finds the operators that lose the most by being quantized.</summary>
public static class SensitivityAnalysis
{
    /// <summary>Samples that are looked at if nothing else is said: the order of the worst hardly changes with more.</summary>
    public const int UsualSamples = 8;

    /// <summary>
    /// Calibrates and quantizes in memory, and measures for each quantized operator what it alone does to the outputs. Writes
    /// nothing.
    /// </summary>
    /// <param name="options">
    /// The float model and where its settings are from; the destination is not looked at. Mode <c>auto</c> counts as all
    /// repairs.
    /// </param>
    /// <param name="samples">Most samples that are looked at, taken evenly from all; calibration takes all of them.</param>
    /// <param name="progress">Told of each step, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The operators, those that lose the most first.</returns>
    /// <exception cref="QuantizeException">Anything wrong with options, files or model.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SensitivityReport Run(
        QuantizeOptions options,
        int samples = UsualSamples,
        IProgress<QuantizeProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var warnings = new List<Diagnostic>();
        QuantConfig config = options.ReadConfig(warnings);
        config = config.Mode == QuantizeMode.Auto ? config with { Mode = QuantizeMode.Int8, Repair = Repairs.Default } : config;
        if (config is { CompressesOnly: true, Path: "", Pictures: null or [] })
        {
            throw Errors.ConfigWithoutPath(config.File, config.Start.Line, config.Start.Column);
        }

        progress?.Report(new QuantizeProgress("loading", 0, 0));
        int workers = ParallelWorkers.Count(options.MaxParallelism);
        var maker = CandidateMaker.Prepare(
            options.Source, config, workers, warnings, cancellation, remember: config.Repair != Repairs.None);
        Candidate candidate = config.CompressesOnly
            ? Compressed(maker, warnings, cancellation)
            : Quantized(maker, warnings, progress, cancellation);
        CandidateMaker judge = maker.OnSome(samples);
        return new SensitivityReport
        {
            Model = Path.GetFullPath(options.Source),
            Config = Path.GetFullPath(config.File),
            Pictures = judge.Samples.Count,
            Operators = Rank(judge, candidate.Read(), progress, cancellation),
            Cosine = CandidateScore.Of(judge, candidate, judge.Samples.Count, null, cancellation).Cosine,
            Warnings = warnings,
        };
    }

    private static Candidate Quantized(
        CandidateMaker maker, List<Diagnostic> warnings, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
    {
        maker.Calibrate(!maker.FollowsBatches, 0, null, progress, cancellation);
        progress?.Report(new QuantizeProgress("quantizing", 0, 0));
        return maker.Make(QuantizeRecipe.Of(maker.Config), warnings, progress, cancellation);
    }

    private static Candidate Compressed(CandidateMaker maker, List<Diagnostic> warnings, CancellationToken cancellation)
    {
        MnnModel model = maker.LoadFloat();
        WeightCompressor.Apply(model, maker.Config, maker.Workers, warnings, cancellation);
        return new Candidate(QuantizeRecipe.Of(maker.Config), model, new QuantParameters?[maker.Graph.TensorCount], 0);
    }

    /// <summary>The same for a model that is there already.</summary>
    /// <param name="maker">Who made it, on the samples to look at.</param>
    /// <param name="int8">The int8 model.</param>
    /// <param name="progress">Told after each operator of each sample; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    internal static IReadOnlyList<OperatorSensitivity> Rank(
        CandidateMaker maker, Graph int8, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
    {
        var isolated = new IsolatedOperators(maker.Graph, int8);
        ErrorTotals[][] totals = isolated.Measure(maker.Feeder, maker.Samples, maker.Workers, progress, cancellation);
        Dictionary<int, Node> floats = maker.Graph.Nodes.Where(n => n.Outputs.Length > 0).ToDictionary(n => n.Outputs[0]);
        return
        [
            .. isolated.Measured.Zip(totals, (node, errors) => Describe(maker.Graph, floats[node.Outputs[0]], node, errors))
                .OrderByDescending(o => o.Loss).ThenBy(o => o.SignalToNoise),
        ];
    }

    private static OperatorSensitivity Describe(Graph graph, Node real, Node node, ErrorTotals[] errors)
    {
        ErrorFigures[] figures = [.. errors.Select(e => e.Figures())];
        return new OperatorSensitivity(
            node.Name,
            node.Op.Type.ToString(),
            graph.TensorName(node.Outputs[0]),
            QuantizationPlan.IsConvolution(node.Op.Type),
            node.RunsInt8,
            OperatorCost.Parameters(real.Op, graph.File),
            figures.Select(f => f.Cosine).DefaultIfEmpty(1).Average(),
            figures.Select(f => f.LowestCosine).DefaultIfEmpty(1).Min(),
            figures.Select(f => f.SignalToNoise).DefaultIfEmpty(double.PositiveInfinity).Min());
    }
}
