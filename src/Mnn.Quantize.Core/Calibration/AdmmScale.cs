namespace Mnn.Quantize.Calibration;

/// <summary>
/// The scale with the least squared error, as the reference's ADMM method finds it (TensorStatistic.cpp,
/// computeScaleADMM): from s = greatest magnitude / (2.5 clamp) on, q = clamp(round(x / s)) and
/// s = sum(q x) / sum(q q) in turn, 300 times.
/// </summary>
/// <remarks>
/// The reference keeps all pictures' tensors in one batch for that. Here the sums come from the histogram: a level's
/// share of them is a difference of prefix sums at the level's edges, where a bin that an edge divides counts as evenly
/// filled. Bins are 1/8192 to 1/16384 of the greatest magnitude, a level 30 and more of them wide.
/// </remarks>
internal static class AdmmScale
{
    private const int Steps = 300;
    private const double StartRatio = 2.5;

    /// <summary>Finds the scale.</summary>
    /// <param name="statistic">What was seen of the tensor.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <returns>Positive; for a tensor of zeros what the KL method gives it.</returns>
    public static float Of(TensorStatistic statistic, int clamp)
    {
        MagnitudeHistogram histogram = statistic.Histogram;
        if (!statistic.IsCounted)
        {
            throw new ArgumentException("The statistic was gathered without counts.", nameof(statistic));
        }

        if (KlScale.IsZero(statistic))
        {
            return KlScale.Of(statistic, clamp);
        }

        return (float)(FixedPoint(histogram.Counts(), histogram.MaxMagnitude / histogram.BinWidth, clamp) * histogram.BinWidth);
    }

    /// <summary>The fixed point in units of a bin.</summary>
    /// <param name="counts">How many values each bin holds.</param>
    /// <param name="greatest">Greatest magnitude, in bins.</param>
    /// <param name="clamp">Greatest level.</param>
    internal static double FixedPoint(ReadOnlySpan<long> counts, double greatest, int clamp)
    {
        var sums = new MagnitudeSums(counts);
        double scale = greatest / (clamp * StartRatio);
        for (int step = 0; step < Steps; step++)
        {
            (double weighted, double squares) = (0, 0);
            (double fromCount, double fromSum, _) = sums.Below(0.5 * scale);
            for (int level = 1; level <= clamp; level++)
            {
                (double toCount, double toSum, _) = sums.Below(level == clamp ? counts.Length : (level + 0.5) * scale);
                weighted += level * (toSum - fromSum);
                squares += (double)level * level * (toCount - fromCount);
                (fromCount, fromSum) = (toCount, toSum);
            }

            double next = weighted / squares;
            if (next == scale)
            {
                break;
            }

            scale = next;
        }

        return scale;
    }
}
