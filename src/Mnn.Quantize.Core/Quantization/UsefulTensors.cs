using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Which tensors are worth a scale, for the methods with zero points.</summary>
internal static class UsefulTensors
{
    /// <summary>
    /// Takes the parameters from the others. Behind the last convolution int8 only adds error: nothing there is worth its
    /// casts. A tensor without parameters takes those of its neighbour over a pooling, which would clip a pooling's input
    /// to the range of averages; so everything before the last convolution keeps its own.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="plan">Which convolutions become int8.</param>
    /// <param name="rounded">By tensor id: whether one of them reads or makes it.</param>
    /// <param name="quant">By tensor id: changed in place.</param>
    public static void Keep(Graph graph, QuantizationPlan plan, bool[] rounded, QuantParameters?[] quant)
    {
        bool[] leads = [.. rounded];
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (plan.Quantizes(node.Op) || Array.Exists(node.Outputs, id => leads[id]))
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

    /// <summary>
    /// Whether inputs and output of an operator shall have one scale. Averages are taken in float, with a range of their
    /// own, which is much smaller than that of what they average.
    /// </summary>
    public static bool SharesScale(Node node) => MaxPoolLevels.IsMaxPooling(node)
        || (node.Op.Type is not (OpType.Pooling or OpType.Pooling3D) && node.Operator.MovesElements);
}
