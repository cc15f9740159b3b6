using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Verification;

/// <summary>Lists what the runtime does with an int8 model, casts included.</summary>
internal static class PlannedSteps
{
    /// <summary>Lists all steps in their order.</summary>
    /// <param name="graph">A model with scales.</param>
    /// <param name="skipped">Names of operators that the config leaves out.</param>
    public static IReadOnlyList<PlannedStep> List(Graph graph, IReadOnlyCollection<string> skipped)
    {
        var steps = new List<PlannedStep>();
        var isInt8 = new bool[graph.TensorCount];
        var isCast = new bool[graph.TensorCount];
        foreach (Node node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                int id = node.Inputs[i];
                bool wantsInt8 = node.RunsInt8 && Int8Planner.IsDataInput(node, i);
                if (id >= 0 && NeedsCast(graph, node, id, isInt8[id], wantsInt8) && !isCast[id])
                {
                    // Both worlds may read a tensor: it is cast once.
                    isCast[id] = true;
                    steps.Add(Cast(graph, id, wantsInt8, $"for '{node.Name}'"));
                }
            }

            StepKind kind = node.RunsInt8 ? StepKind.Int8 : StepKind.Float;
            string reason = OperatorReasons.Of(graph, node, skipped.Contains(node.Op.Name ?? ""));
            steps.Add(new PlannedStep(node.Name, node.Op.Type.ToString(), kind, reason));
            foreach (int id in node.Outputs)
            {
                isInt8[id] = node.RunsInt8 && graph.Quant[id] is not null;
            }
        }

        foreach (int id in graph.OutputIds.Where(id => isInt8[id] && !isCast[id]))
        {
            steps.Add(Cast(graph, id, toInt8: false, "an output of the model"));
        }

        return steps;
    }

    // A constant isn't cast when the model runs but when it is loaded, and a shape is read from tensors of any type.
    private static bool NeedsCast(Graph graph, Node node, int id, bool isInt8, bool wantsInt8) =>
        wantsInt8 != isInt8
        && node.Op.Type is not (OpType.Shape or OpType.Rank or OpType.Size)
        && (isInt8 || graph.Quant[id] is not null)
        && !graph.Constants.ContainsKey(id);

    private static PlannedStep Cast(Graph graph, int id, bool toInt8, string reason) =>
        new(graph.TensorName(id), toInt8 ? "FloatToInt8" : "Int8ToFloat", StepKind.Cast, reason);
}
