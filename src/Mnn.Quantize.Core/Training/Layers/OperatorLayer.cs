using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Training.Gradients;

namespace Mnn.Quantize.Training.Layers;

/// <summary>An operator that runs as it does outside training, and its gradient, if it lies on the way to parameters.</summary>
/// <param name="node">The operator.</param>
/// <param name="index">Its place in the graph.</param>
/// <param name="gradient">Its derivative; null if nothing before it is trained.</param>
/// <param name="wants">By input: whether its gradient is wanted.</param>
internal sealed class OperatorLayer(Node node, int index, Gradient? gradient, bool[] wants) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters => gradient?.Parameters ?? [];

    /// <inheritdoc/>
    public override void Begin(int lanes) => gradient?.Begin(lanes);

    /// <inheritdoc/>
    public override void Forward(TrainingRun run) => run.Runner.Step(index);

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        if (gradient is null || !Array.Exists(node.Outputs, id => run.Gradient(id) is not null))
        {
            return;
        }

        try
        {
            var context = new GradientContext(run, node, wants);
            gradient.Run(context);
            context.Finish();
        }
        catch (Exception e) when (MalformedOperator.Caused(e))
        {
            throw Errors.GradientCannotRun(run.Graph.File, node.Name, node.Op.Type.ToString(), e.Message, e);
        }

        foreach (int id in node.Outputs)
        {
            run.DropGradient(id);
        }
    }

    /// <inheritdoc/>
    public override void Reduce() => gradient?.Reduce();
}
