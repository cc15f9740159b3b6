using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training;

/// <summary>
/// The constants of a model that are trained: matrices that are multiplied with, what a product adds to its rows, and what
/// the model itself declares as trainable (<c>TrainableParam</c>). Other constants, such as the 3 and 6 of a hard-swish
/// that was taken apart, are part of the function and stay.
/// </summary>
internal sealed class TrainedConstants
{
    private static readonly Dictionary<int, Tensor> NoConstants = [];

    private readonly string _file;

    private TrainedConstants(string file, IReadOnlyList<TrainedConstant> constants, IReadOnlyList<string> names) =>
        (_file, Layer, Names) = (file, new ConstantsLayer(constants), names);

    /// <summary>The layer that trains them.</summary>
    public ConstantsLayer Layer { get; }

    /// <summary>Names of the constants, those that are frozen too.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Finds them.</summary>
    /// <param name="model">The model; constants of half precision become floats in it.</param>
    /// <param name="graph">Its operators.</param>
    /// <param name="frozen">Names of constants, and of operators whose constants stay as they are.</param>
    public static TrainedConstants Find(MnnModel model, Graph graph, NamePatterns frozen)
    {
        HashSet<int> multiplied = [.. graph.Nodes.Where(IsProduct).SelectMany(n => n.Inputs)];
        HashSet<int> kept = [.. graph.Nodes.Where(n => IsProduct(n) && frozen.Match(n.Name)).SelectMany(n => n.Inputs)];
        var found = new List<TrainedConstant>();
        var names = new List<string>();
        foreach (Op op in model.Net.Oplists ?? [])
        {
            if (op is { Main: Blob blob, OutputIndexes: [var id] }
                && (op.Type == OpType.TrainableParam || (op.Type == OpType.Const && multiplied.Contains(id)))
                && graph.Constants.TryGetValue(id, out Tensor? tensor)
                && tensor is { Type: ElementType.Float32, Count: > 0 })
            {
                string name = graph.TensorName(id);
                names.Add(name);
                if (!kept.Contains(id) && !frozen.Match(name))
                {
                    found.Add(new TrainedConstant(id, tensor, Parameter(name, blob, tensor)));
                }
            }
        }

        return new TrainedConstants(model.Path, found, names);
    }

    /// <summary>The node, with an operator that keeps no packed copy of a constant if it reads one that is trained.</summary>
    public Node WithoutCopies(Node node) => Array.Exists(node.Inputs, Layer.Holds)
        ? node with { Operator = OpTable.Create(new OpBuildContext(node.Op, node.Name, _file, NoConstants)) }
        : node;

    private static bool IsProduct(Node node) => node.Op.Type is OpType.MatMul or OpType.BatchMatMul;

    private static TrainableParameter Parameter(string name, Blob blob, Tensor tensor)
    {
        float[] values = blob is { DataType: DataType.DT_FLOAT, Float32s: { } own } && own.Length == tensor.Count
            ? own
            : ConstantsLayer.RowMajor(tensor).ToArray();
        (blob.DataType, blob.Float32s, blob.Uint8s, blob.External) = (DataType.DT_FLOAT, values, null, null);
        return new TrainableParameter(
            name, tensor.Rank > 1 ? ParameterKind.Weight : ParameterKind.Bias, [.. tensor.Shape], values);
    }
}
