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

    /// <summary>Changes <paramref name="quant"/> in place.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="shares">Tells the operators whose inputs and outputs shall have one scale.</param>
    /// <param name="quant">By tensor id: scale and zero point, null where there is none.</param>
    public static void Unify(Graph graph, Func<Node, bool> shares, QuantParameters?[] quant)
    {
        var unifier = new ScaleUnifier(graph.TensorCount);
        var joints = new List<(int Member, int Joint)>();
        foreach (Node node in graph.Nodes.Where(shares))
        {
            // With an input that stays float the runtime joins in float, and a scale that fits less would only clip.
            int[] inputs = Int8Planner.DataInputs(node);
            int[] outputs = [.. node.Outputs.Where(o => quant[o] is not null)];
            if (inputs.Length == 0 || outputs.Length == 0 || Array.Exists(inputs, i => quant[i] is null))
            {
                continue;
            }

            foreach (int id in inputs.Concat(outputs))
            {
                unifier.Join(inputs[0], id);
            }

            if (inputs.Length > 1)
            {
                joints.Add((inputs[0], outputs[0]));
            }
        }

        unifier.Apply(graph, quant, joints);
    }

    /// <summary>True for operators that only give the same elements another shape.</summary>
    public static bool MergesDimensions(Node node) =>
        node.Op.Type is OpType.Reshape or OpType.Flatten or OpType.Squeeze or OpType.Unsqueeze;

    private void Apply(Graph graph, QuantParameters?[] quant, List<(int Member, int Joint)> joints)
    {
        var chosen = new Dictionary<int, QuantParameters>();
        // The last joint of a group covers the values of all the others.
        foreach ((int member, int joint) in joints)
        {
            chosen[Root(member)] = quant[joint]!;
        }

        // In the order in which values arise, so that a group without a joint takes the scale of its source.
        foreach (int id in graph.Inputs.Select(i => i.Id).Concat(graph.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs))))
        {
            if (id >= 0 && quant[id] is { } own && !chosen.TryAdd(Root(id), own))
            {
                quant[id] = chosen[Root(id)];
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
