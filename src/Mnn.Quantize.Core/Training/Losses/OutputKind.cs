using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Losses;

/// <summary>What an output of a net is, as far as a loss has to know.</summary>
internal enum OutputKind
{
    /// <summary>Any numbers.</summary>
    Values,

    /// <summary>A score for each class.</summary>
    Scores,

    /// <summary>A probability for each class: scores that went through a softmax.</summary>
    Probabilities,
}

/// <summary>Finds it out.</summary>
internal static class OutputKinds
{
    /// <summary>The kind of an output.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="index">Which of its outputs.</param>
    /// <param name="shape">The output's dimensions, the batch first.</param>
    public static OutputKind Of(Graph graph, int index, IReadOnlyList<int> shape) =>
        !AreScores(shape) ? OutputKind.Values
        : IsSoftmax(graph, graph.OutputIds[index]) ? OutputKind.Probabilities
        : OutputKind.Scores;

    // One number a class and nothing else: [N, C] or [N, C, 1, 1].
    private static bool AreScores(IReadOnlyList<int> shape) =>
        shape.Count >= 2 && shape.Skip(1).Count(extent => extent > 1) == 1;

    private static bool IsSoftmax(Graph graph, int id)
    {
        Node? maker = Array.Find(graph.Nodes, node => node.Outputs.Contains(id));
        return maker is not null
            && (maker.Op.Type == OpType.Softmax || (maker.Operator.MovesElements && IsSoftmax(graph, maker.Inputs[0])));
    }
}
