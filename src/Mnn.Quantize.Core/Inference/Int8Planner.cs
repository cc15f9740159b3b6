using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// Decides which operators run in int8, by the runtime's own rule (Pipeline.cpp and CPUBackend.cpp, _supportQuant):
/// first scales spread over operators that pass values through, then an operator runs in int8 if its output and all its
/// inputs have one and it can. Casts follow from that.
/// </summary>
internal static class Int8Planner
{
    private const int Rounds = 3;

    /// <summary>Spreads scales in <see cref="Graph.Quant"/> and sets <see cref="Node.RunsInt8"/>.</summary>
    public static void Plan(Graph graph)
    {
        if (Array.TrueForAll(graph.Quant, q => q is null))
        {
            return;
        }

        for (int round = 0; round < Rounds && (SpreadForward(graph) | SpreadBackward(graph)); round++)
        {
        }

        foreach (Node node in graph.Nodes)
        {
            node.RunsInt8 = RunsInt8(graph, node);
        }
    }

    private static bool SpreadForward(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.Where(PassesValues))
        {
            int[] inputs = DataInputs(node);
            if (inputs is [var input] && graph.Quant[input] is { } quant)
            {
                foreach (int output in node.Outputs.Where(o => graph.Quant[o] is null))
                {
                    graph.Quant[output] = quant;
                    changed = true;
                }
            }
        }

        return changed;
    }

    private static bool SpreadBackward(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.Reverse().Where(PassesValues))
        {
            if (node.Outputs is [var output] && graph.Quant[output] is { } quant)
            {
                foreach (int input in DataInputs(node).Where(i => graph.Quant[i] is null))
                {
                    graph.Quant[input] = quant;
                    changed = true;
                }
            }
        }

        return changed;
    }

    private static bool PassesValues(Node node) => node.Operator.MovesElements
        || node.Op.Type is OpType.ReLU or OpType.ReLU6 or OpType.Pooling or OpType.Interp or OpType.CropAndResize or OpType.Pooling3D
            or OpType.ROIPooling;

    /// <summary>The inputs whose values reach the output; the others are shapes, indices and the like.</summary>
    public static int[] DataInputs(Node node) =>
        node.Op.Type is OpType.Concat or OpType.Pack or OpType.BinaryOp or OpType.Eltwise or OpType.Select
            ? [.. node.Inputs.Where(i => i >= 0)]
            : [.. node.Inputs.Take(1).Where(i => i >= 0)];

    private static bool RunsInt8(Graph graph, Node node)
    {
        if (node.Outputs is not [var output, ..] || graph.Quant[output] is not { } to)
        {
            return false;
        }

        int[] inputs = DataInputs(node);
        if (inputs.Length == 0 || inputs.Any(i => graph.Quant[i] is null))
        {
            return false;
        }

        QuantParameters from = graph.Quant[inputs[0]]!;
        switch (node.Op.Type)
        {
            case OpType.Convolution or OpType.ConvolutionDepthwise:
                return node.Inputs.Length == 1
                    && node.Op.Main is Convolution2D { Weight: null or [] } convolution
                    && convolution.QuanParameter is { Buffer.Length: > 0 };
            case OpType.Pooling or OpType.Pooling3D:
                return SameSteps(from, to);
            case OpType.ReLU:
                return ReferenceEquals(from, to) && node.Op.Main is not Relu { Slope: not 0 };
            case OpType.Softmax or OpType.LayerNorm or OpType.BinaryOp or OpType.Scale or OpType.Interp or OpType.PReLU:
                return true;
            case OpType.UnaryOp:
                return node.Op.Main is UnaryOp { TableInt8.Length: > 0 }
                    or UnaryOp { OpType: UnaryOpOperation.NEG or UnaryOpOperation.ABS or UnaryOpOperation.SIGN };
            default:
                return node.Operator.MovesElements && from.Scale != 0
                    && inputs.All(i => SameSteps(graph.Quant[i]!, to));
        }
    }

    private static bool SameSteps(QuantParameters a, QuantParameters b) =>
        a.Scale == b.Scale && a.ZeroPoint == b.ZeroPoint;
}
