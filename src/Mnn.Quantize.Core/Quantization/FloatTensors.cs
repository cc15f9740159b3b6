using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>Which tensors have to stay float with others.</summary>
internal static class FloatTensors
{
    /// <summary>
    /// The tensors whose scale the runtime would hand to one of the given ones, over operators that pass values on, and that
    /// therefore need to be without one, too; and the given ones.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="ids">Ids of tensors that shall stay float.</param>
    public static IReadOnlySet<int> With(Graph graph, IEnumerable<int> ids)
    {
        var all = new HashSet<int>(ids);
        Node[] passing = [.. graph.Nodes.Where(n => Moves.IsMove(n) || ScaleSpreading.PassesValues(n.Op.Type))];
        for (int before = -1; before != all.Count;)
        {
            before = all.Count;
            foreach (Node node in passing)
            {
                int[] values = [.. Int8Planner.DataInputs(node), .. node.Outputs];
                if (Array.Exists(values, all.Contains))
                {
                    all.UnionWith(values);
                }
            }
        }

        return all;
    }
}
