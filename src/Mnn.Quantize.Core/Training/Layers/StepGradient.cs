namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// The derivative of rounding by a learned step (LSQ, eq. 3): y = (q - z) s with q = clamp(round(x / s + z)). Gradients pass
/// where nothing is clamped; that of the step is q - z where it is, else what rounding added in steps.
/// </summary>
/// <param name="range">The range that has the step.</param>
internal sealed class StepGradient(FeatureRange range)
{
    private readonly LaneSums<double> _sums = new(1);
    private int _perSample = 1;

    /// <summary>What an optimizer changes.</summary>
    public IEnumerable<TrainableParameter> Parameters => range.StepSize is { } step ? [step] : [];

    /// <summary>Begins a training step.</summary>
    public void Begin(int lanes) => _sums.Begin(lanes);

    /// <summary>Turns the gradient of rounded values into that of the values, in place.</summary>
    /// <param name="lane">Number of the lane.</param>
    /// <param name="x">The values.</param>
    /// <param name="samples">Samples that they belong to.</param>
    /// <param name="gradient">The gradient, changed.</param>
    public void Run(int lane, ReadOnlySpan<float> x, int samples, Span<float> gradient)
    {
        float step = range.StepSize!.Value[0], zero = range.State[3];
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float steps = (x[i] / step) + zero;
            if (MathF.Abs(steps) > FeatureRange.Clamp)
            {
                sum += (double)gradient[i] * (MathF.CopySign(FeatureRange.Clamp, steps) - zero);
                gradient[i] = 0;
            }
            else
            {
                sum += (double)gradient[i] * (MathF.Truncate(steps + MathF.CopySign(0.5f, steps)) - steps);
            }
        }

        _sums.Of(lane)[0] += sum;
        _perSample = Math.Max(1, x.Length / Math.Max(1, samples));
    }

    /// <summary>Sums up over the lanes; scaled so that steps learn about as fast as weights (LSQ, section 2.2).</summary>
    public void Reduce()
    {
        if (range.StepSize is { } step)
        {
            step.Gradient[0] = range.Learns
                ? (float)(_sums.Sum(0) / Math.Sqrt((double)_perSample * FeatureRange.Clamp))
                : 0;
        }
    }
}
