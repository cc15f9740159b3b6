using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Turns calibration statistics into a scale and a zero point a tensor.</summary>
internal static class RangeFeatures
{
    /// <summary>The parameters of each tensor by itself.</summary>
    /// <param name="calibration">The statistics, with signs.</param>
    /// <param name="rangeOf">Finds the range of a distribution.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <param name="workers">Threads.</param>
    /// <returns>By tensor id; null where there are no statistics.</returns>
    public static QuantParameters?[] OfEach(
        CalibrationResult calibration, Func<ValueDistribution, int, QuantParameters> rangeOf, int clamp, int workers)
    {
        var quant = new QuantParameters?[calibration.Statistics.Length];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, 256), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < quant.Length; i = Interlocked.Increment(ref next))
            {
                if (calibration.Statistics[i] is { HasData: true } statistic)
                {
                    quant[i] = rangeOf(new ValueDistribution(statistic), clamp);
                }
            }
        });
        return quant;
    }

    /// <summary>The parameters of a model's tensors, with one pair for those that share it.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="plan">What becomes int8.</param>
    /// <param name="each">What <see cref="OfEach"/> found; it is left as it is.</param>
    /// <returns>By tensor id; null where the tensor has none.</returns>
    public static QuantParameters?[] Find(Graph graph, QuantizationPlan plan, QuantParameters?[] each)
    {
        QuantParameters?[] quant = [.. each.Select((q, i) => plan.Observed[i] ? q : null)];
        UsefulTensors.Keep(graph, plan, plan.Rounded, quant);
        ScaleUnifier.Unify(graph, UsefulTensors.SharesScale, quant);
        MaxPoolLevels.RunInFloat(graph, quant);
        foreach (Node node in graph.Nodes.Where(BoundsByLevelZero))
        {
            if (quant[node.Outputs[0]] is { } output && output.ZeroPoint != 0)
            {
                quant[node.Outputs[0]] = WithoutZeroPoint(output);
            }
        }

        return quant;
    }

    // With a fused ReLU the runtime bounds sums by the level 0, whatever the zero point.
    private static bool BoundsByLevelZero(Node node) => node.Op is { Type: OpType.BinaryOp, Main: BinaryOp { ActivationType: not 0 } };

    // The greater side of the range keeps its place.
    private static QuantParameters WithoutZeroPoint(QuantParameters quant)
    {
        int side = Math.Max(quant.Max - quant.ZeroPoint, quant.ZeroPoint - quant.Min);
        return quant with { Scale = quant.Scale * side / quant.Max, ZeroPoint = 0 };
    }
}
