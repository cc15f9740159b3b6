using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// Gives tensors without a scale that of the tensors whose values they hold, forwards and backwards, just as far as the
/// runtime goes (Pipeline.cpp, encode).
/// </summary>
internal sealed class ScaleSpreading
{
    private const int Rounds = 3;

    private readonly Graph _graph;
    private readonly Dictionary<int, HashSet<int>> _forward = [];
    private readonly Dictionary<int, HashSet<int>> _backward = [];

    public ScaleSpreading(Graph graph, Moves moves)
    {
        _graph = graph;
        foreach (Node node in graph.Nodes)
        {
            if (Moves.IsMove(node))
            {
                foreach (int end in node.Outputs.Where(moves.IsEnd))
                {
                    Add([.. moves.Roots(end)], [end]);
                }
            }
            else if (PassesValues(node.Op.Type))
            {
                Add(Int8Planner.DataInputs(node), node.Outputs);
            }
        }
    }

    /// <summary>Changes <see cref="Graph.Quant"/>.</summary>
    public void Run()
    {
        int[] forwardStarts = Starts(_forward, _backward);
        int[] backwardStarts = Starts(_backward, _forward);

        // A round goes backwards only if nothing changed forwards.
        for (int i = 0; i < Rounds && (Spread(_forward, forwardStarts) || Spread(_backward, backwardStarts)); i++)
        {
        }
    }

    /// <summary>Whether an operator without a scale of its own takes that of its neighbour.</summary>
    public static bool PassesValues(OpType type) => type is OpType.ReLU or OpType.ReLU6 or OpType.Pooling
        or OpType.Pooling3D or OpType.Interp or OpType.CropAndResize or OpType.ROIPooling;

    private void Add(int[] inputs, int[] outputs)
    {
        if (inputs is [var input])
        {
            foreach (int output in outputs.Where(o => _graph.Quant[o] is null))
            {
                Link(_forward, input, output);
            }
        }

        if (outputs is [var only])
        {
            foreach (int from in inputs.Where(i => _graph.Quant[i] is null))
            {
                Link(_backward, only, from);
            }
        }
    }

    private static void Link(Dictionary<int, HashSet<int>> map, int from, int to)
    {
        if (!map.TryGetValue(from, out HashSet<int>? targets))
        {
            map[from] = targets = [];
        }

        targets.Add(to);
    }

    // Where several tensors would take one scale the other way, none of them hands on its own.
    private static int[] Starts(Dictionary<int, HashSet<int>> map, Dictionary<int, HashSet<int>> opposite)
    {
        foreach (HashSet<int> targets in opposite.Values.Where(t => t.Count > 1))
        {
            foreach (int target in targets)
            {
                map.Remove(target);
            }
        }

        return [.. map.Keys.Except(map.Values.SelectMany(t => t))];
    }

    private bool Spread(Dictionary<int, HashSet<int>> map, int[] starts)
    {
        bool changed = false;
        var waiting = new Stack<int>(starts);
        var done = new HashSet<int>();
        while (waiting.TryPop(out int from))
        {
            if (!done.Add(from) || _graph.Quant[from] is not { } quant || !map.TryGetValue(from, out HashSet<int>? targets))
            {
                continue;
            }

            foreach (int to in targets)
            {
                changed |= !ReferenceEquals(_graph.Quant[to], quant);
                _graph.Quant[to] = quant;
                waiting.Push(to);
            }
        }

        return changed;
    }
}
