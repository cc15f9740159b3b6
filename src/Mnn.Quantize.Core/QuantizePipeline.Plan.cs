using Mnn.Quantize.Calibration;
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
    /// <summary>
    /// Quantizes in memory with the first picture alone. What becomes int8 and how long the file is don't depend on the
    /// pictures, so that all but scales is as it will be.
    /// </summary>
    /// <param name="source">The float model.</param>
    /// <param name="config">The <c>quant.json</c>.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Each operator with what it will be and why, and the expected size.</returns>
    /// <exception cref="QuantizeException">Anything wrong with config, model or the first picture.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static PlanReport Plan(string source, string config, CancellationToken cancellation = default)
    {
        var warnings = new List<Diagnostic>();
        QuantConfig settings = QuantConfigReader.Load(config, warnings);
        warnings.AddRange(IdleKeys.Find(settings, File.ReadAllBytes(config)));
        MnnModel model = MnnModel.Load(source);
        var graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, settings, warnings);
        MnnModel int8 = Rehearse(source, graph, plan, settings, cancellation);
        byte[] bytes = int8.ToBytes();
        var result = Graph.Build(MnnModel.FromBytes(bytes, source));
        return new PlanReport
        {
            Model = Path.GetFullPath(source),
            Config = Path.GetFullPath(config),
            SourceBytes = model.Files.Sum(f => new FileInfo(f).Length),
            ExpectedBytes = bytes.Length,
            Convolutions = (plan.Convolutions.Count, graph.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            Steps = PlannedSteps.List(result, settings.SkipOps),
            Warnings = warnings,
        };
    }

    // The quickest methods: they change values, not what is made of them.
    private static MnnModel Rehearse(
        string source, Graph graph, QuantizationPlan plan, QuantConfig settings, CancellationToken cancellation)
    {
        QuantConfig quick = settings with
        {
            UsedSamples = 1,
            FeatureMethod = FeatureMethod.KL,
            WeightMethod = WeightMethod.MaxAbs,
        };
        var unheard = new List<Diagnostic>();
        IReadOnlyList<string> pictures = CalibrationFiles.Find(quick, unheard);
        var calibrator = new Calibrator(graph, new PictureFeeder(graph, quick), plan.Observed);
        CalibrationResult calibration = calibrator.Run(pictures, 0, 1, null, cancellation);
        QuantParameters?[] scales = FeatureScales.Find(graph, calibration, quick, 1, unheard);
        HashSet<string> quantized = [.. plan.Convolutions.Select(o => o.Name ?? "")];
        MnnModel int8 = MnnModel.Load(source);
        new ModelQuantizer(quick, scales).Apply(int8, op => quantized.Contains(op.Name ?? ""));
        return int8;
    }
}
