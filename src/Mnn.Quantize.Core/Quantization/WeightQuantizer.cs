using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Quantization;

/// <summary>Rounds weights to a few levels, with one scale an output channel.</summary>
internal static class WeightQuantizer
{
    private const int AdmmSteps = 1000;
    private const float AdmmEpsilon = 1e-9f;
    private const float AdmmStartRatio = 1.25f;

    // Below it the reference's own result stands.
    private const double ClearlyMore = 1.2;

    /// <summary>Quantizes weights.</summary>
    /// <param name="weights">[channels, k], row-major.</param>
    /// <param name="channels">Number of output channels.</param>
    /// <param name="limit">Greatest level, 1 to 127.</param>
    /// <param name="method">How scales are found.</param>
    /// <param name="levels">[channels, k]: takes round(weight / scale), within ±limit.</param>
    /// <param name="scales">[channels]: takes the scales; 0 for a channel of zeros.</param>
    public static void Quantize(
        ReadOnlySpan<float> weights,
        int channels,
        int limit,
        WeightMethod method,
        Span<sbyte> levels,
        Span<float> scales)
    {
        int k = weights.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> channel = weights.Slice(c * k, k);
            Span<sbyte> result = levels.Slice(c * k, k);
            scales[c] = method == WeightMethod.MaxAbs
                ? MaxAbs(channel, limit, result)
                : Better(channel, limit, result);
        }
    }

    // The reference's first scale clips the greatest weights, which ADMM doesn't always get over: at 8 bits the start that
    // clips none may end at a much lower squared error.
    private static float Better(ReadOnlySpan<float> weights, int limit, Span<sbyte> levels)
    {
        float whole = Admm(weights, limit, 1, levels);
        double error = SquaredError(weights, levels, whole);
        float clipped = Admm(weights, limit, AdmmStartRatio, levels);
        return SquaredError(weights, levels, clipped) <= error * ClearlyMore ? clipped : Admm(weights, limit, 1, levels);
    }

    private static double SquaredError(ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> levels, float scale)
    {
        double error = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double difference = weights[i] - (levels[i] * (double)scale);
            error += difference * difference;
        }

        return error;
    }

    // The greatest magnitude becomes the greatest level (quantizeWeight.cpp, SymmetricQuantizeWeight).
    private static float MaxAbs(ReadOnlySpan<float> weights, int limit, Span<sbyte> levels)
    {
        float greatest = MaxMagnitude(weights);
        if (greatest == 0)
        {
            levels.Clear();
            return 0;
        }

        float inverse = limit / greatest;
        for (int i = 0; i < weights.Length; i++)
        {
            levels[i] = Level(weights[i] * inverse, limit);
        }

        return greatest / limit;
    }

    // Rounds with the scale, then fits the scale to the levels, in turn, until nothing changes: the scale's squared
    // error falls at each step (quantizeWeight.cpp, QuantizeWeightADMM, which does 1,000 steps in any case).
    private static float Admm(ReadOnlySpan<float> weights, int limit, float startRatio, Span<sbyte> levels)
    {
        float greatest = MaxMagnitude(weights);
        levels.Clear();
        if (greatest == 0)
        {
            return 0;
        }

        float scale = greatest / (limit * startRatio);
        for (int step = 0; step < AdmmSteps; step++)
        {
            bool changed = false;
            double weighted = 0;
            double squares = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sbyte level = Level(weights[i] / (scale + AdmmEpsilon), limit);
                changed |= level != levels[i];
                levels[i] = level;
                weighted += (double)weights[i] * level;
                squares += level * level;
            }

            if (!changed)
            {
                break;
            }

            scale = (float)(weighted / (squares + AdmmEpsilon));
        }

        return scale;
    }

    private static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        float greatest = 0;
        foreach (float value in values)
        {
            greatest = MathF.Max(greatest, MathF.Abs(value));
        }

        return greatest;
    }

    // Halves away from zero, as roundf.
    private static sbyte Level(float steps, int limit) =>
        (sbyte)Math.Clamp(MathF.Truncate(steps + MathF.CopySign(0.5f, steps)), -limit, limit);
}
