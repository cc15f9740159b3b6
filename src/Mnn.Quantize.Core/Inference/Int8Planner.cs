using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// Decides which operators run in int8, by the runtime's own rule (Pipeline.cpp and CPUBackend.cpp, _supportQuant): first
/// moved tensors are joined with where they come from, then scales spread, then an operator runs in int8 if its output
/// and all its inputs have one and it can. Casts follow from that.
/// </summary>
internal static class Int8Planner
{
    /// <summary>Spreads scales in <see cref="Graph.Quant"/> and sets <see cref="Node.RunsInt8"/>.</summary>
    public static void Plan(Graph graph)
    {
        if (Array.TrueForAll(graph.Quant, q => q is null))
        {
            return;
        }

        var moves = new Moves(graph);
        new ScaleSpreading(graph, moves).Run();
        foreach (Node node in graph.Nodes)
        {
            node.RunsInt8 = !Moves.IsMove(node) && RunsInt8(graph, node);
        }

        moves.Decide();
    }

    /// <summary>The inputs whose values reach the output; the others are shapes, indices and the like.</summary>
    public static int[] DataInputs(Node node) =>
        [.. node.Inputs.Where((id, index) => id >= 0 && IsDataInput(node, index))];

    /// <summary>Whether the values of an input, by its place, reach the output.</summary>
    public static bool IsDataInput(Node node, int index) => index == 0
        || node.Op.Type is OpType.Concat or OpType.Pack or OpType.BinaryOp or OpType.Eltwise or OpType.Select or OpType.Raster;

    /// <summary>Whether one q stands for the same value in both.</summary>
    public static bool SameSteps(QuantParameters a, QuantParameters b) =>
        a.Scale == b.Scale && a.ZeroPoint == b.ZeroPoint;

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
        return node.Op.Type switch
        {
            OpType.Convolution or OpType.ConvolutionDepthwise =>
                node.Inputs.Length == 1
                && node.Op.Main is Convolution2D { Weight: null or [] } convolution
                && convolution.QuanParameter is { Buffer.Length: > 0 },
            OpType.Pooling or OpType.Pooling3D => SameSteps(from, to),
            OpType.ReLU => ReferenceEquals(from, to) && node.Op.Main is not Relu { Slope: not 0 },
            OpType.Softmax or OpType.LayerNorm or OpType.BinaryOp or OpType.Scale or OpType.Interp or OpType.PReLU => true,
            OpType.UnaryOp =>
                node.Op.Main is UnaryOp { TableInt8.Length: > 0 }
                    or UnaryOp { OpType: UnaryOpOperation.NEG or UnaryOpOperation.ABS or UnaryOpOperation.SIGN },
            _ => false,
        };
    }
}
