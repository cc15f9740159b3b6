using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Optimizing;

/// <summary>Stochastic gradient descent with momentum and weight decay.</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="momentum">Part of the last change that is made again, 0 to below 1.</param>
/// <param name="decay">Part of a weight that counts as gradient, for parameters that decay.</param>
internal sealed class SgdOptimizer(IReadOnlyList<TrainableParameter> parameters, float momentum, float decay) : IOptimizer
{
    private readonly float[][] _histories = [.. parameters.Select(p => new float[p.Value.Length])];

    /// <inheritdoc/>
    public IReadOnlyList<float[]> State => _histories;

    /// <inheritdoc/>
    public void Step(float rate, long step)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            TrainableParameter p = parameters[i];
            OptimizerSteps.Sgd(p.Gradient, rate, momentum, p.Decays ? decay : 0, _histories[i], p.Value);
        }
    }
}
