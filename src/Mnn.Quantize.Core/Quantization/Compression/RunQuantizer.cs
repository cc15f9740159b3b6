using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Quantization.Compression;

/// <summary>
/// Rounds weights to 2^bits levels, run by run. In a run a weight is about offset + scale * n: n from -L to L without an
/// offset (symmetric, L = 2^(bits-1) - 1), or from 0 to 2^bits - 1 (asymmetric).
/// </summary>
/// <remarks>
/// With <see cref="WeightMethod.MaxAbs"/> the ends of a run's values are the ends of its levels, as in the reference
/// (WeightQuantAndCoding.cpp). With <see cref="WeightMethod.ADMM"/> levels are those of least squared error, and the scale keeps
/// the length of the weights.
/// </remarks>
internal static class RunQuantizer
{
    // Steps that a start takes at most: later ones change a level of a thousand weights or two.
    private const int MostSteps = 20;

    // Parts of the whole range that the search starts from. With few levels it pays to cut off much of it, and where the
    // search ends depends on where it starts.
    private static readonly double[] s_few = [1, 0.85, 0.7, 0.55, 0.4, 0.3];
    private static readonly double[] s_many = [1, 0.9, 0.75];

    private const int FewBits = 4;

    // A scale below has lost its precision; what lies so near together is stored as one value.
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Rounds weights.</summary>
    /// <param name="weights">[runs, k], finite.</param>
    /// <param name="scheme">Bits, symmetry, number of runs and method.</param>
    public static QuantizedRuns Quantize(ReadOnlySpan<float> weights, WeightScheme scheme)
    {
        var result = new QuantizedRuns(weights.Length, scheme.Runs, scheme.IsAsymmetric);
        int limit = (1 << (scheme.Bits - 1)) - 1;
        if (scheme is { IsAsymmetric: false, Method: WeightMethod.MaxAbs })
        {
            WeightQuantizer.Quantize(weights, scheme.Runs, limit, WeightMethod.MaxAbs, result.Levels, result.Scales);
            return result;
        }

        int k = weights.Length / scheme.Runs;
        int greatest = scheme.IsAsymmetric ? (1 << scheme.Bits) - 1 : 2 * limit;
        int lowest = scheme.IsAsymmetric ? -(1 << (scheme.Bits - 1)) : -limit;
        for (int run = 0; run < scheme.Runs; run++)
        {
            Span<sbyte> levels = result.Levels.AsSpan(run * k, k);
            (result.Scales[run], float offset) = OfRun(weights.Slice(run * k, k), scheme, lowest, greatest, levels);
            if (result.Minima is { } minima)
            {
                minima[run] = offset;
            }
        }

        return result;
    }

    private static (float Scale, float Offset) OfRun(
        ReadOnlySpan<float> weights, WeightScheme scheme, int lowest, int greatest, Span<sbyte> levels)
    {
        (double low, double high) = Ends(weights, scheme.IsAsymmetric);
        if (high - low < greatest * (double)SmallestNormal)
        {
            levels.Fill((sbyte)(scheme.IsAsymmetric ? lowest : 0));
            return (0, (float)low);
        }

        if (scheme.Method == WeightMethod.MaxAbs)
        {
            (float scale, float offset) = ((float)((high - low) / greatest), (float)low);
            Round(weights, scale, offset, lowest, greatest, levels);
            return (scale, offset);
        }

        return Best(weights, scheme, (low, high), (lowest, greatest), levels);
    }

    // Of all starts the one that ends at the least squared error; the first one if two are equal.
    private static (float Scale, float Offset) Best(
        ReadOnlySpan<float> weights, WeightScheme scheme, (double Low, double High) ends, (int Lowest, int Greatest) range, Span<sbyte> levels)
    {
        var tried = new sbyte[levels.Length];
        double least = double.PositiveInfinity;
        (float Scale, float Offset) best = default;
        foreach (double part in scheme.Bits <= FewBits ? s_few : s_many)
        {
            double middle = (ends.Low + ends.High) / 2;
            double half = part * (ends.High - ends.Low) / 2;
            (float scale, float offset) = Fit(
                weights, scheme.IsAsymmetric, (float)(2 * half / range.Greatest), (float)(middle - half), range.Lowest, range.Greatest, tried);
            double error = SquaredError(weights, tried, scale, offset, range.Lowest);
            if (error < least)
            {
                (least, best) = (error, (scale, offset));
                tried.CopyTo(levels);
            }
        }

        return KeepGain(weights, levels, scheme.IsAsymmetric, best, range.Lowest);
    }

    // The weights of least squared error are shorter than the real ones, as any estimate of least squares is, and every layer
    // answers a little less than it should: those errors add up from layer to layer, while rounding errors even out. So the
    // scale is the one with which the stored weights, seen from the real ones, are as long: sum(w stored) = sum(w w), around the
    // means where there is an offset.
    private static (float Scale, float Offset) KeepGain(
        ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> levels, bool isAsymmetric, (float Scale, float Offset) fitted, int lowest)
    {
        (double sum, double squares, double products, long numbers) = (0, 0, 0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            int n = isAsymmetric ? levels[i] - lowest : levels[i];
            sum += weights[i];
            squares += (double)weights[i] * weights[i];
            products += (double)weights[i] * n;
            numbers += n;
        }

        (double mean, double middle) = isAsymmetric ? (sum / weights.Length, (double)numbers / weights.Length) : (0, 0);
        double scale = (squares - (mean * sum)) / (products - (mean * numbers));
        return float.IsNormal((float)scale) && scale > 0
            ? ((float)scale, isAsymmetric ? (float)(mean - (scale * middle)) : fitted.Offset)
            : fitted;
    }

    // Rounds, then fits scale and offset to the levels by least squares, in turn: the squared error falls at each step, as in
    // Lloyd's method (IEEE Transactions on Information Theory 28, 1982) with levels kept at equal distances.
    private static (float Scale, float Offset) Fit(
        ReadOnlySpan<float> weights, bool isAsymmetric, float scale, float offset, int lowest, int greatest, Span<sbyte> levels)
    {
        levels.Fill(sbyte.MaxValue);
        for (int step = 0; Round(weights, scale, offset, lowest, greatest, levels) && step < MostSteps; step++)
        {
            (double Scale, double Offset)? line = isAsymmetric ? Line(weights, levels, lowest) : Slope(weights, levels);
            if (line is not { Scale: > 0 } fitted || !float.IsNormal((float)fitted.Scale))
            {
                break;
            }

            scale = (float)fitted.Scale;
            offset = isAsymmetric ? (float)fitted.Offset : scale * lowest;
        }

        Round(weights, scale, offset, lowest, greatest, levels);
        return (scale, offset);
    }

    // weight = scale * level: scale = sum(w l) / sum(l l).
    private static (double Scale, double Offset)? Slope(ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> levels)
    {
        (double products, long squares) = (0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            products += (double)weights[i] * levels[i];
            squares += levels[i] * levels[i];
        }

        return squares > 0 ? (products / squares, 0) : null;
    }

    // weight = offset + scale * n, n from 0 on: the line of least squares.
    private static (double Scale, double Offset)? Line(ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> levels, int lowest)
    {
        (double sum, double products, long numbers, long squares) = (0, 0, 0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            int n = levels[i] - lowest;
            sum += weights[i];
            products += (double)weights[i] * n;
            numbers += n;
            squares += n * n;
        }

        double count = weights.Length;
        double spread = (count * squares) - ((double)numbers * numbers);
        if (spread <= 0)
        {
            return null;
        }

        double scale = ((count * products) - (numbers * sum)) / spread;
        return (scale, (sum - (scale * numbers)) / count);
    }

    // True if any level changed.
    private static bool Round(
        ReadOnlySpan<float> weights, float scale, float offset, int lowest, int greatest, Span<sbyte> levels)
    {
        double inverse = 1 / (double)scale;
        bool changed = false;
        for (int i = 0; i < weights.Length; i++)
        {
            double steps = ((weights[i] - (double)offset) * inverse) + 0.5;
            var level = (sbyte)(lowest + (steps <= 0 ? 0 : steps >= greatest ? greatest : (int)steps));
            changed |= level != levels[i];
            levels[i] = level;
        }

        return changed;
    }

    private static double SquaredError(
        ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> levels, float scale, float offset, int lowest)
    {
        double error = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double difference = weights[i] - (offset + ((levels[i] - lowest) * (double)scale));
            error += difference * difference;
        }

        return error;
    }

    // Least and greatest weight; around zero for symmetric levels.
    private static (double Low, double High) Ends(ReadOnlySpan<float> weights, bool isAsymmetric)
    {
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float weight in weights)
        {
            low = MathF.Min(low, weight);
            high = MathF.Max(high, weight);
        }

        double greatest = Math.Max(Math.Abs((double)low), Math.Abs((double)high));
        return isAsymmetric ? (low, high) : (-greatest, greatest);
    }
}

/// <summary>Weights as levels.</summary>
/// <param name="weights">How many.</param>
/// <param name="runs">How many runs they fall into.</param>
/// <param name="isAsymmetric">Whether runs have minima.</param>
internal sealed class QuantizedRuns(int weights, int runs, bool isAsymmetric)
{
    /// <summary>[runs, k]</summary>
    public sbyte[] Levels { get; } = new sbyte[weights];

    /// <summary>[runs]</summary>
    public float[] Scales { get; } = new float[runs];

    /// <summary>[runs]: what the lowest level stands for; null for symmetric levels, where 0 stands for 0.</summary>
    public float[]? Minima { get; } = isAsymmetric ? new float[runs] : null;
}
