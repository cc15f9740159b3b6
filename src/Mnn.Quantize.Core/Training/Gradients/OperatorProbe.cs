using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>Runs an operator by itself on other inputs, to see what it does with them.</summary>
internal static class OperatorProbe
{
    /// <summary>Runs it.</summary>
    /// <param name="context">Tells the operator.</param>
    /// <param name="inputs">By place: the inputs; what is missing here is left out.</param>
    /// <returns>The outputs, laid out as the operator leaves them or as their formats ask for.</returns>
    public static Tensor[] Run(GradientContext context, IReadOnlyDictionary<int, Tensor> inputs)
    {
        int count = context.InputCount;
        Node node = context.Node with
        {
            Inputs = [.. Enumerable.Range(0, count).Select(i => inputs.ContainsKey(i) ? i : -1)],
            Outputs = [.. Enumerable.Range(count, context.Node.Outputs.Length)],
        };
        Graph whole = context.TrainingRun.Graph;
        var graph = new Graph
        {
            File = whole.File,
            Nodes = [node],
            TensorNames = [],
            TensorCount = count + node.Outputs.Length,
            Inputs = [],
            OutputIds = node.Outputs,
            Constants = inputs,
            Quant = new QuantParameters?[count + node.Outputs.Length],
            UseCounts = [.. Enumerable.Repeat(2, count + node.Outputs.Length)],
            Subgraphs = whole.Subgraphs,
        };
        var runner = new GraphRunner(graph, new TensorPool());
        runner.Run();
        return [.. node.Outputs.Select(runner.TensorOf)];
    }
}
