using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// The operators that only move elements. The runtime joins a chain of them to one step (Raster) from the tensors that
/// were computed to each tensor that something else reads; what lies between has no memory there, and its scale doesn't
/// count (GeometryComputer.cpp, getRasterCacheCreateRecursive).
/// </summary>
internal sealed class Moves
{
    private readonly Graph _graph;
    private readonly Node?[] _producers;
    private readonly int[]?[] _roots;
    private readonly HashSet<int> _seen;

    public Moves(Graph graph)
    {
        _graph = graph;
        _producers = new Node?[graph.TensorCount];
        _roots = new int[]?[graph.TensorCount];
        foreach (Node node in graph.Nodes.Where(IsMove))
        {
            foreach (int output in node.Outputs)
            {
                _producers[output] = node;
                _roots[output] = [.. Int8Planner.DataInputs(node).SelectMany(Roots).Distinct()];
            }
        }

        _seen = [.. graph.OutputIds, .. graph.Nodes.Where(n => !IsMove(n) && ReadsElements(n)).SelectMany(n => n.Inputs)];
    }

    /// <summary>Whether an operator is part of a chain.</summary>
    public static bool IsMove(Node node) => node.Operator.MovesElements;

    /// <summary>Whether a tensor is the end of a chain, which has memory and a scale.</summary>
    public bool IsEnd(int tensor) => _producers[tensor] is not null && _seen.Contains(tensor);

    /// <summary>The computed tensors (inputs and constants among them) that a tensor's elements come from.</summary>
    public IEnumerable<int> Roots(int tensor) => _roots[tensor] ?? [tensor];

    /// <summary>
    /// Sets <see cref="Node.RunsInt8"/> of the chains' operators: an end moves int8 elements if all it comes from has
    /// its steps. A tensor between does if all ends behind it do, and then takes their scale. An end on the way to
    /// others that move floats moves floats too, lest they see rounded values; what reads it casts for itself.
    /// </summary>
    public void Decide()
    {
        var int8 = new bool?[_graph.TensorCount];
        foreach (Node node in _graph.Nodes.Reverse().Where(IsMove))
        {
            node.RunsInt8 = node.Outputs.Length > 0;
            foreach (int output in node.Outputs)
            {
                bool here = IsEnd(output)
                    ? EndRunsInt8(output) && int8[output] != false
                    : int8[output] == true;
                node.RunsInt8 &= here;
                if (!IsEnd(output))
                {
                    _graph.Quant[output] = CommonScale(output);
                }
            }

            foreach (int input in Int8Planner.DataInputs(node))
            {
                int8[input] = node.RunsInt8 && int8[input] != false;
            }
        }
    }

    private static bool ReadsElements(Node node) => node.Op.Type is not (OpType.Shape or OpType.Rank or OpType.Size);

    private bool EndRunsInt8(int tensor) => _graph.Quant[tensor] is { } to
        && to.Scale != 0
        && Roots(tensor).Any()
        && Roots(tensor).All(r => _graph.Quant[r] is { } from && Int8Planner.SameSteps(from, to));

    private QuantParameters? CommonScale(int tensor)
    {
        QuantParameters?[] all = [.. Roots(tensor).Select(r => _graph.Quant[r])];
        return all is [{ } first, ..] && all.All(q => q is not null && Int8Planner.SameSteps(first, q)) ? first : null;
    }
}
