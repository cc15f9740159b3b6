using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Examples;
using Mnn.Quantize.Training.Loop;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>What a training will make, before it is done.</summary>
public static partial class TrainPipeline
{
    /// <summary>
    /// Makes the int8 model of the net that is not trained, with the ranges of one example: training changes scales and
    /// weights, not what is int8 and how long the file is.
    /// </summary>
    /// <param name="options">The float model.</param>
    /// <param name="config">Its settings, with data to train with.</param>
    /// <param name="warnings">What was odd so far; more is added.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="QuantizeException">Anything wrong with data or model.</exception>
    internal static PlanReport Plan(
        QuantizeOptions options, QuantConfig config, List<Diagnostic> warnings, CancellationToken cancellation)
    {
        var model = MnnModel.Load(options.Source);
        ITrainableNet net = TrainingGraph.Create(model, NetOptions(config, 1));
        MnnModel folded = MnnModel.FromBytes(model.ToBytes(), model.Path);
        BatchNormFolding.Apply(folded);
        (ExampleRange training, ExampleRange? _) =
            Open(config, TrainData.Find(config, warnings), Graph.Build(folded), 1, warnings, cancellation);
        net.Forward(training.Set.Read([training.Indices[0]], null), training: true);
        byte[] bytes = net.ToModel().ToBytes();
        var int8 = Graph.Build(MnnModel.FromBytes(bytes, options.Source));
        Node[] convolutions = [.. int8.Nodes.Where(node => QuantizationPlan.IsConvolution(node.Op.Type))];
        return new PlanReport
        {
            Model = Path.GetFullPath(options.Source),
            Config = Path.GetFullPath(config.File),
            SourceBytes = model.Files.Sum(f => new FileInfo(f).Length),
            ExpectedBytes = bytes.Length,
            Convolutions = (convolutions.Count(node => node.RunsInt8), convolutions.Length),
            Steps = PlannedSteps.List(int8, config.SkipOps),
            Warnings = warnings,
        };
    }
}
