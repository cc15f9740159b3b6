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

    /// <summary>Changes <paramref name="scales"/> (by tensor id, 0 where there is none) in place.</summary>
    public static void Unify(Graph graph, float[] scales)
    {
        var unifier = new ScaleUnifier(graph.TensorCount);
        var owner = new Dictionary<int, int>();
        foreach (Node node in graph.Nodes.Where(n => n.Operator.MovesElements || n.Op.Type == OpType.Pooling))
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
