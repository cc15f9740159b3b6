using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>
/// Gives tensors that only differ by moved elements one scale, since the runtime moves int8 elements only between equal
/// scales: what an operator joins takes the joined tensor's scale; else the source's scale goes on to what is made of it.
/// </summary>
internal sealed class ScaleUnifier
{
    private readonly int[] _parent;

    private ScaleUnifier(int count) => _parent = [.. Enumerable.Range(0, count)];

    /// <summary>Changes <paramref name="scales"/> in place.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="statistics">By tensor id: what calibration saw.</param>
    /// <param name="scales">By tensor id: the scale, 0 where there is none.</param>
    public static void Unify(Graph graph, TensorStatistic?[] statistics, float[] scales)
    {
        var unifier = new ScaleUnifier(graph.TensorCount);
        var owner = new Dictionary<int, int>();
        foreach (Node node in graph.Nodes.Where(n => PassesScale(n, statistics)))
        {
            int[] inputs = [.. Int8Planner.DataInputs(node).Where(i => scales[i] > 0)];
            int[] outputs = [.. node.Outputs.Where(o => scales[o] > 0)];
            if (inputs.Length == 0 || outputs.Length == 0)
            {
                continue;
            }

            foreach (int id in inputs.Concat(outputs))
            {
                unifier.Join(inputs[0], id);
            }

            // The last joint of a group covers the values of all the others.
            if (inputs.Length > 1)
            {
                owner[unifier.Root(inputs[0])] = outputs[0];
            }
        }

        unifier.Apply(graph, scales, owner);
    }

    private static bool PassesScale(Node node, TensorStatistic?[] statistics)
    {
        if (node.Op.Type is OpType.Pooling or OpType.Pooling3D)
        {
            return true;
        }

        // Merging dimensions of a picture that the runtime keeps in NC4HW4 takes it two steps over a nameless tensor,
        // and the reference lets the result have a scale of its own.
        bool merges = node.Op.Type is OpType.Reshape or OpType.Flatten or OpType.Squeeze or OpType.Unsqueeze;
        return node.Operator.MovesElements && !(merges && statistics[node.Inputs[0]] is { IsPackedPicture: true });
    }

    private void Apply(Graph graph, float[] scales, Dictionary<int, int> owner)
    {
        var chosen = new Dictionary<int, float>();
        foreach ((int member, int joint) in owner)
        {
            chosen[Root(member)] = scales[joint];
        }

        // In the order in which values arise, so that a group without a joint takes the scale of its source.
        foreach (int id in graph.Inputs.Select(i => i.Id).Concat(graph.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs))))
        {
            if (id >= 0 && scales[id] > 0 && !chosen.TryAdd(Root(id), scales[id]))
            {
                scales[id] = chosen[Root(id)];
            }
        }
    }

    private void Join(int a, int b) => _parent[Root(b)] = Root(a);

    private int Root(int id)
    {
        while (_parent[id] != id)
        {
            id = _parent[id] = _parent[_parent[id]];
        }

        return id;
    }
}
