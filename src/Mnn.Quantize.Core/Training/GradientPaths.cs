using Mnn.Quantize.Inference;
using Mnn.Quantize.Training.Gradients;

namespace Mnn.Quantize.Training;

/// <summary>Which tensors lie between trained parameters and the outputs: only there gradients are computed.</summary>
internal sealed class GradientPaths
{
    private readonly HashSet<Node> _needed = [];

    /// <summary>Finds the paths.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="nodes">Its operators as they are trained, in their order.</param>
    /// <param name="trains">Tells the operators of which something is trained.</param>
    /// <param name="isTrained">Tells the constants that are trained, by tensor id.</param>
    public GradientPaths(Graph graph, Node[] nodes, Func<Node, bool> trains, Func<int, bool> isTrained)
    {
        bool[] behind = [.. Enumerable.Range(0, graph.TensorCount).Select(isTrained)], before = new bool[graph.TensorCount];
        foreach (Node node in nodes)
        {
            bool passes = !GradientTable.EndsGradients(node)
                && (trains(node) || Array.Exists(node.Inputs, i => i >= 0 && behind[i]));
            foreach (int id in node.Outputs)
            {
                behind[id] = passes;
            }
        }

        foreach (int id in graph.OutputIds)
        {
            before[id] = true;
        }

        foreach (Node node in nodes.Reverse())
        {
            if (GradientTable.EndsGradients(node) || !Array.Exists(node.Outputs, id => before[id]))
            {
                continue;
            }

            foreach (int id in node.Inputs.Where(i => i >= 0))
            {
                before[id] = true;
            }

            if (Array.Exists(node.Outputs, id => behind[id]))
            {
                _needed.Add(node);
            }
        }

        Wanted = [.. behind.Zip(before, (a, b) => a && b)];
    }

    /// <summary>By tensor id: whether its gradient is wanted.</summary>
    public bool[] Wanted { get; }

    /// <summary>Whether a node's derivative is needed.</summary>
    public bool Needs(Node node) => _needed.Contains(node);
}
