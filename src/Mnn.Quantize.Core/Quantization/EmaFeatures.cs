using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Scales and zero points by the EMA method.</summary>
/// <remarks>
/// The reference runs BatchNorm in training mode meanwhile, which moves the model's statistics towards those of the few
/// calibration pictures. Here BatchNorm is folded before, with the statistics that training left: quantization doesn't
/// retrain a model, and its float outputs stay the measure.
/// </remarks>
internal static class EmaFeatures
{
    private const int DefaultBatch = 32;

    /// <summary>Runs the batches and finds all parameters.</summary>
    /// <param name="plan">What becomes int8.</param>
    /// <param name="model">The folded float model; its convolutions get rounded weights.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="config">Batch, clamps and weight method.</param>
    /// <param name="pictures">The calibration pictures.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">Told of tensors that are always zero.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By tensor id: scale and zero point, or null where the tensor has none.</returns>
    public static QuantParameters?[] Find(
        QuantizationPlan plan,
        MnnModel model,
        ISampleFeeder feeder,
        QuantConfig config,
        IReadOnlyList<string> pictures,
        int workers,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        foreach (Op op in model.Net.Oplists!)
        {
            if (plan.Quantizes(op) && op.Main is Convolution2D convolution)
            {
                convolution.Weight = ModelQuantizer.RoundWeights(config, model, op, convolution).ToFloat();
                convolution.QuanParameter = null;
            }
        }

        Graph graph = Graph.Build(model);
        var calibrator = new EmaCalibrator(graph, feeder, plan.Observed, plan.Rounded, config.FeatureClamp);
        RunningRange[] ranges = calibrator.Run(pictures, BatchSize(graph, config), workers, progress, cancellation);
        return RangeScales.Find(graph, plan, ranges, config.FeatureClamp, warnings);
    }

    private static int BatchSize(Graph graph, QuantConfig config)
    {
        int declared = graph.Inputs is [{ Shape: [var batch, ..] }, ..] ? batch : 0;
        return config.BatchSize ?? (declared > 0 ? declared : DefaultBatch);
    }
}
