using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of an operator that has numbers of its own, which are trained unless it is frozen.</summary>
internal abstract class ParameterGradient : Gradient
{
    private readonly TrainableParameter[] _parameters;
    private readonly LaneSums<double>[] _sums;

    /// <summary>Takes the parameters.</summary>
    /// <param name="build">Tells the operator's name, and whether it is frozen.</param>
    /// <param name="parts">What of the operator is trained, what it is there, and the live numbers; without numbers it is left out.</param>
    protected ParameterGradient(GradientBuild build, params (string Name, ParameterKind Kind, float[]? Values)[] parts)
    {
        _parameters = build.Frozen
            ? []
            : [.. parts.Where(p => p.Values is { Length: > 0 }).Select(p => new TrainableParameter(
                $"{build.Node.Name}.{p.Name}", p.Kind, [p.Values!.Length], p.Values))];
        _sums = [.. _parameters.Select(p => new LaneSums<double>(p.Value.Length))];
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<TrainableParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public sealed override void Begin(int lanes)
    {
        foreach (LaneSums<double> sums in _sums)
        {
            sums.Begin(lanes);
        }
    }

    /// <inheritdoc/>
    public sealed override void Reduce()
    {
        for (int p = 0; p < _parameters.Length; p++)
        {
            for (int i = 0; i < _parameters[p].Gradient.Length; i++)
            {
                _parameters[p].Gradient[i] = (float)_sums[p].Sum(i);
            }
        }
    }

    /// <summary>Where a run adds the gradient of the numbers <paramref name="of"/>; empty if they are not trained.</summary>
    protected Span<double> Sums(GradientContext context, float[]? of)
    {
        int p = Array.FindIndex(_parameters, parameter => ReferenceEquals(parameter.Value, of));
        return p < 0 ? [] : _sums[p].Of(context.TrainingRun.Lane);
    }
}
