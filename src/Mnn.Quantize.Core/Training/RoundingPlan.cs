using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Training;

/// <summary>Which weights and tensors training rounds, and whose range it follows.</summary>
internal sealed class RoundingPlan
{
    private readonly HashSet<string> _convolutions;
    private readonly bool[] _observed;
    private readonly bool[] _rounded;

    private RoundingPlan(HashSet<string> convolutions, bool[] observed, bool[] rounded) =>
        (_convolutions, _observed, _rounded) = (convolutions, observed, rounded);

    /// <summary>Makes the plan, from the model as it will be when BatchNorm is folded.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="graph">Its operators.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="Diagnostics.QuantizeException">There is nothing to quantize.</exception>
    public static RoundingPlan Make(MnnModel model, Graph graph, TrainingOptions options)
    {
        bool[] observed = new bool[graph.TensorCount], rounded = new bool[graph.TensorCount];
        if (!options.Quantize)
        {
            return new RoundingPlan([], observed, rounded);
        }

        MnnModel folded = MnnModel.FromBytes(model.ToBytes(), model.Path);
        BatchNormFolding.Apply(folded);
        QuantizationPlan plan = TrainedModel.PlanOf(Graph.Build(folded), options);
        plan.Observed.CopyTo(observed, 0);
        plan.Rounded.CopyTo(rounded, 0);
        return new RoundingPlan([.. plan.Convolutions.Select(o => o.Name ?? "")], observed, rounded);
    }

    /// <summary>Whether a tensor is rounded.</summary>
    public bool Rounds(int tensor) => tensor < _rounded.Length && _rounded[tensor];

    /// <summary>Whether a tensor's range is followed.</summary>
    public bool Observes(int tensor) => tensor < _observed.Length && _observed[tensor];

    /// <summary>Whether the weights of an operator are rounded.</summary>
    public bool RoundsWeights(Node node) => _convolutions.Contains(node.Op.Name ?? "");
}
