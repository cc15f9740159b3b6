using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Scales and zero points from ranges that were followed over batches, by EMA or in training.</summary>
internal static class RangeScales
{
    /// <summary>Finds all parameters.</summary>
    /// <param name="graph">The float model, BatchNorm folded.</param>
    /// <param name="quantizes">Tells the convolutions that become int8.</param>
    /// <param name="rounded">By tensor id: whether a convolution reads or makes it.</param>
    /// <param name="ranges">By tensor id: its range; without data where none is wanted.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <param name="warnings">Told of tensors that are always zero.</param>
    /// <returns>By tensor id: scale and zero point, or null where the tensor has none.</returns>
    public static QuantParameters?[] Find(
        Graph graph,
        Func<Op, bool> quantizes,
        bool[] rounded,
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

        KeepUseful(graph, quantizes, rounded, quant);
        ScaleUnifier.Unify(graph, SharesScale, quant);
        MaxPoolLevels.RunInFloat(graph, quant);
        return quant;
    }

    // Behind the last convolution int8 only adds error: nothing there is worth its casts. A tensor without parameters
    // takes those of its neighbour over a pooling, which would clip a pooling's input to the range of averages; so
    // everything before the last convolution keeps its own.
    private static void KeepUseful(Graph graph, Func<Op, bool> quantizes, bool[] rounded, QuantParameters?[] quant)
    {
        bool[] leads = [.. rounded];
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (quantizes(node.Op) || Array.Exists(node.Outputs, id => leads[id]))
            {
                foreach (int id in node.Inputs.Where(id => id >= 0))
                {
                    leads[id] = true;
                }
            }

            // The runtime's ReLU works in place on int8 if both tensors share their parameters, which only those do that
            // spread; so what comes before it, a sum mostly, is clipped at 0 already.
            if (node.Op is { Type: OpType.ReLU, Main: null or Relu { Slope: 0 } } && quant[node.Outputs[0]] is not null
                && leads[node.Outputs[0]] && graph.UseCounts[node.Inputs[0]] == 1 && !rounded[node.Inputs[0]])
            {
                leads[node.Inputs[0]] = false;
            }
        }

        for (int i = 0; i < quant.Length; i++)
        {
            quant[i] = leads[i] ? quant[i] : null;
        }
    }

    // Averages are taken in float, with a range of their own, which is much smaller than that of what they average.
    private static bool SharesScale(Node node) => node.Op.Type is OpType.Pooling
        ? node.Op.Main is Pool { Type: PoolType.MAXPOOL }
        : node.Operator.MovesElements;
}
