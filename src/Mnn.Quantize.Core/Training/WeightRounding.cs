namespace Mnn.Quantize.Training;

/// <summary>
/// Weights as the int8 model will have them: level times scale, a scale an output channel. With 8 bits the greatest
/// magnitude of a channel is its greatest level, as in the reference. With fewer bits that leaves most levels unused, so
/// the scale is the one with the least squared error, followed from update to update. Or scales are learned (LSQ, Esser
/// et al., arXiv:1902.08153).
/// </summary>
internal sealed class WeightRounding
{
    // As the reference: a channel of zeros keeps a scale.
    private const float LeastMagnitude = 1e-6f;

    // Rounding and fitting in turn, on from the last update's scale, which is close already.
    private const int FittingSteps = 3;
    private const int FirstFittingSteps = 50;

    private readonly TrainableParameter _weight;
    private readonly int _limit;
    private readonly bool _fits;
    private bool _started;

    /// <summary>Rounds weights.</summary>
    /// <param name="weight">[channels, k].</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="bits">2 to 8.</param>
    /// <param name="learns">Whether scales are learned.</param>
    public WeightRounding(TrainableParameter weight, int channels, int bits, bool learns)
    {
        _weight = weight;
        _limit = (1 << (bits - 1)) - 1;
        _fits = bits < 8 || learns;
        Scales = new float[channels];
        Values = new float[weight.Value.Length];
        Update();
        if (learns)
        {
            StepSize = new TrainableParameter(weight.Name + ".step", ParameterKind.StepSize, [channels], Scales);
        }
    }

    /// <summary>Greatest level.</summary>
    public int Limit => _limit;

    /// <summary>[channels]: distance between levels.</summary>
    public float[] Scales { get; }

    /// <summary>The rounded weights.</summary>
    public float[] Values { get; }

    /// <summary>The scales as parameters; null unless they are learned.</summary>
    public TrainableParameter? StepSize { get; }

    /// <summary>Takes over changed weights.</summary>
    public void Update()
    {
        int k = Values.Length / Scales.Length;
        for (int c = 0; c < Scales.Length; c++)
        {
            ReadOnlySpan<float> channel = _weight.Value.AsSpan(c * k, k);
            if (StepSize is null)
            {
                Scales[c] = _fits ? Fitted(channel, Scales[c]) : Greatest(channel) / _limit;
            }
            else
            {
                Scales[c] = MathF.Max(Scales[c], LeastMagnitude / _limit);
            }

            float scale = Scales[c];
            Span<float> target = Values.AsSpan(c * k, k);
            for (int i = 0; i < k; i++)
            {
                target[i] = Level(channel[i] / scale) * scale;
            }
        }

        _started = true;
    }

    /// <summary>
    /// Turns the gradient of the rounded weights into that of the weights. Rounding lets it through (straight-through
    /// estimator); learned scales take what clamping holds back, and what rounding did to each weight (LSQ, eq. 3).
    /// </summary>
    public void Backward()
    {
        if (StepSize is null)
        {
            return;
        }

        int k = Values.Length / Scales.Length;
        float share = 1 / MathF.Sqrt((float)k * _limit);
        for (int c = 0; c < Scales.Length; c++)
        {
            double sum = 0;
            for (int i = c * k; i < (c + 1) * k; i++)
            {
                float steps = _weight.Value[i] / Scales[c], gradient = _weight.Gradient[i];
                bool clamped = MathF.Abs(steps) > _limit;
                sum += gradient * (clamped ? MathF.CopySign(_limit, steps) : Level(steps) - steps);
                _weight.Gradient[i] = clamped ? 0 : gradient;
            }

            StepSize.Gradient[c] = (float)sum * share;
        }
    }

    private static float Greatest(ReadOnlySpan<float> values)
    {
        float greatest = LeastMagnitude;
        foreach (float value in values)
        {
            greatest = MathF.Max(greatest, MathF.Abs(value));
        }

        return greatest;
    }

    private float Fitted(ReadOnlySpan<float> channel, float scale)
    {
        scale = _started ? scale : Greatest(channel) / _limit / 1.25f;
        for (int step = 0; step < (_started ? FittingSteps : FirstFittingSteps); step++)
        {
            double products = 0, squares = 0;
            foreach (float weight in channel)
            {
                float level = Level(weight / scale);
                products += (double)level * weight;
                squares += (double)level * level;
            }

            scale = squares > 0 ? (float)(products / squares) : Greatest(channel) / _limit;
            scale = MathF.Max(scale, LeastMagnitude / _limit);
        }

        return scale;
    }

    // Halves away from zero.
    private float Level(float steps) =>
        Math.Clamp(MathF.Truncate(steps + MathF.CopySign(0.5f, steps)), -_limit, _limit);
}
