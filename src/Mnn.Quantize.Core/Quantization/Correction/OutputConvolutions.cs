using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>
/// The convolutions that nothing but outputs come from. What they make is seen as it is, so that its rounding counts in
/// full; in float they cost a small part of the time, as a rule, and no byte.
/// </summary>
internal static class OutputConvolutions
{
    /// <summary>Ids of the tensors that they make; none if no other convolution would be left.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="plan">Which convolutions become int8.</param>
    public static IReadOnlySet<int> Of(Graph graph, QuantizationPlan plan)
    {
        bool[] leads = new bool[graph.TensorCount];
        var last = new HashSet<int>();
        int others = 0;
        foreach (Node node in graph.Nodes.Reverse())
        {
            bool isConvolution = plan.Quantizes(node.Op), leadsOn = Array.Exists(node.Outputs, id => leads[id]);
            if (isConvolution && !leadsOn)
            {
                last.Add(node.Outputs[0]);
            }

            others += isConvolution && leadsOn ? 1 : 0;
            foreach (int id in node.Inputs.Where(id => id >= 0 && (isConvolution || leadsOn)))
            {
                leads[id] = true;
            }
        }

        return others > 0 ? last : new HashSet<int>();
    }
}
