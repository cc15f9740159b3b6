using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Verification;

/// <summary>A tensor that both models have, found by its name.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Expected">The operator that makes it in the float model.</param>
/// <param name="ExpectedIndex">That operator's place in its graph.</param>
/// <param name="ExpectedId">The tensor's id there.</param>
/// <param name="Actual">The operator that makes it in the int8 model.</param>
/// <param name="ActualIndex">That operator's place in its graph.</param>
/// <param name="ActualId">The tensor's id there.</param>
internal sealed record ComparedTensor(
    string Name, Node Expected, int ExpectedIndex, int ExpectedId, Node Actual, int ActualIndex, int ActualId)
{
    /// <summary>Pairs the tensors that operators of two graphs make, in the order of the first graph.</summary>
    public static ComparedTensor[] Pair(Graph expected, Graph actual)
    {
        var byName = new Dictionary<string, (Node Node, int Index, int Id)>();
        foreach ((string name, Node node, int index, int id) in Made(actual))
        {
            byName.TryAdd(name, (node, index, id));
        }

        var pairs = new List<ComparedTensor>();
        foreach ((string name, Node node, int index, int id) in Made(expected))
        {
            if (byName.Remove(name, out (Node Node, int Index, int Id) other))
            {
                pairs.Add(new ComparedTensor(name, node, index, id, other.Node, other.Index, other.Id));
            }
        }

        return [.. pairs];
    }

    /// <summary>What a report says about it.</summary>
    /// <param name="errors">How far apart both are.</param>
    /// <param name="expected">Mean milliseconds of the operator in the float model.</param>
    /// <param name="actual">Mean milliseconds of the operator in the int8 model.</param>
    public OperatorComparison Describe(ErrorFigures errors, double expected, double actual) => new(
        Expected.Name,
        Expected.Op.Type.ToString(),
        Name,
        QuantizationPlan.IsConvolution(Expected.Op.Type),
        Actual.RunsInt8,
        errors,
        expected,
        actual);

    private static IEnumerable<(string Name, Node Node, int Index, int Id)> Made(Graph graph) =>
        from pair in graph.Nodes.Select((node, index) => (node, index))
        from id in pair.node.Outputs
        select (graph.TensorName(id), pair.node, pair.index, id);
}
