namespace Mnn.Quantize.Calibration;

/// <summary>The scale of an activation from its statistics, as the reference's KL method finds it.</summary>
internal static class KlScale
{
    // Below this the reference takes a tensor for zero.
    private const float LeastMagnitude = 1e-5f;

    /// <summary>
    /// scale = (bins kept + 1/2) * greatest magnitude / 2048 / clamp. Tensors of little area keep all bins. The reference
    /// means to keep them for a model's inputs too, but what it wrote shows that it searches there as well.
    /// </summary>
    /// <param name="statistic">What was seen of the tensor.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <returns>Positive; for a tensor of zeros what the least magnitude would give.</returns>
    public static float Of(TensorStatistic statistic, int clamp)
    {
        MagnitudeHistogram histogram = statistic.Histogram;
        float magnitude = histogram.MaxMagnitude;
        int kept = KlThreshold.Bins - 1;
        if (magnitude <= LeastMagnitude)
        {
            magnitude = LeastMagnitude;
        }
        else if (!statistic.IsLittle)
        {
            Span<double> bins = stackalloc double[KlThreshold.Bins];
            histogram.Resample(bins);
            kept = KlThreshold.Find(bins);
        }

        return (float)((kept + 0.5) * magnitude / KlThreshold.Bins / clamp);
    }

    /// <summary>True if the reference would find no scale at all.</summary>
    public static bool IsZero(TensorStatistic statistic) => statistic.Histogram.MaxMagnitude <= LeastMagnitude;
}
