using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>Scales and zero points from ranges that were followed over batches, by EMA or in training.</summary>
internal static class RangeScales
{
    /// <summary>Finds all parameters.</summary>
    /// <param name="graph">The float model, BatchNorm folded.</param>
    /// <param name="plan">What becomes int8.</param>
    /// <param name="ranges">By tensor id: its range; without data where none is wanted.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <param name="warnings">Told of tensors that are always zero.</param>
    /// <returns>By tensor id: scale and zero point, or null where the tensor has none.</returns>
    public static QuantParameters?[] Find(
        Graph graph,
        QuantizationPlan plan,
        RunningRange[] ranges,
        int clamp,
        ICollection<Diagnostic> warnings)
    {
        var quant = new QuantParameters?[ranges.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            quant[i] = ranges[i].HasData ? ranges[i].Quantize(clamp) : null;
            if (ranges[i].HasData && ranges[i].IsZero && !graph.Constants.ContainsKey(i))
            {
                warnings.Add(Warnings.AllZero(graph.File, graph.TensorName(i)));
            }
        }

        UsefulTensors.Keep(graph, plan, plan.Rounded, quant);
        ScaleUnifier.Unify(graph, UsefulTensors.SharesScale, quant);
        MaxPoolLevels.RunInFloat(graph, quant);
        return quant;
    }
}
