using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Optimizing;

/// <summary>Adam, with weight decay as part of the gradient.</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="beta1">Part of the mean gradient that stays, 0 to below 1.</param>
/// <param name="decay">Part of a weight that counts as gradient, for parameters that decay.</param>
internal sealed class AdamOptimizer(IReadOnlyList<TrainableParameter> parameters, float beta1, float decay) : IOptimizer
{
    private const float Beta2 = 0.999f;

    private readonly float[][] _means = [.. parameters.Select(p => new float[p.Value.Length])];
    private readonly float[][] _squares = [.. parameters.Select(p => new float[p.Value.Length])];

    /// <inheritdoc/>
    public IReadOnlyList<float[]> State => [.. _means, .. _squares];

    /// <inheritdoc/>
    public void Step(float rate, long step)
    {
        double correction = Math.Sqrt(1 - ScalarMath.Pow(Beta2, step + 1)) / (1 - ScalarMath.Pow(beta1, step + 1));
        for (int i = 0; i < parameters.Count; i++)
        {
            TrainableParameter p = parameters[i];
            OptimizerSteps.Adam(
                p.Gradient, (float)(rate * correction), beta1, Beta2, p.Decays ? decay : 0, _means[i], _squares[i], p.Value);
        }
    }
}
