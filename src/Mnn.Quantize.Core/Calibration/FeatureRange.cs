using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>Scale and zero point of a tensor from the distribution of its values.</summary>
internal static class FeatureRange
{
    // Ends of the range are tried in steps of 1/32 of the extremes.
    private const int Steps = 32;

    // How often an error of clipping counts.
    private const double ClipWeight = 32;

    // Share by which the range of one sample is widened; of n samples an nth of it.
    private const float Headroom = 0.5f;

    // Share of the values that a percentile range leaves out at an end.
    private const double Share = 0.0001;

    /// <summary>The range of all values.</summary>
    public static QuantParameters Whole(ValueDistribution values, int clamp) =>
        RunningRange.Quantize(values.Low, values.High, clamp);

    /// <summary>The range without the outermost ten-thousandth of the values at each end.</summary>
    public static QuantParameters Percentile(ValueDistribution values, int clamp)
    {
        (float low, float high) = values.Without(Share);
        return RunningRange.Quantize(low, high, clamp);
    }

    /// <summary>
    /// The range with the least sum of squared rounding and clipping errors: all pairs of ends on a coarse grid, then
    /// the neighbourhood of the best on a finer one. Of equals the widest.
    /// </summary>
    public static QuantParameters LeastSquares(ValueDistribution values, int clamp, double clipWeight = 1)
    {
        QuantParameters best = Whole(values, clamp);
        double least = Error(values, best, clamp, clipWeight);
        (double low, double high) at = (1, 1);
        for (double step = 4.0 / Steps; step >= 1.0 / Steps; step /= 2)
        {
            bool coarse = step == 4.0 / Steps;
            (double low, double high) centre = at;
            int reach = coarse ? Steps / 4 : 2;
            for (int i = -reach; i <= reach; i++)
            {
                for (int k = -reach; k <= reach; k++)
                {
                    (double low, double high) = (centre.low + (i * step), centre.high + (k * step));
                    if (low is <= 0 or > 1 || high is <= 0 or > 1
                        || (values.Low == 0 && low < 1) || (values.High == 0 && high < 1))
                    {
                        continue;
                    }

                    var tried = RunningRange.Quantize((float)(values.Low * low), (float)(values.High * high), clamp);
                    double error = Error(values, tried, clamp, clipWeight);
                    if (error < least)
                    {
                        (least, best, at) = (error, tried, (low, high));
                    }
                }
            }
        }

        return best;
    }

    /// <summary>The same, with errors of clipping counted several times, and wider the fewer samples there are.</summary>
    /// <param name="values">The values.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <param name="samples">How many samples they are from: the next one exceeds their extremes with a chance of about 1 in that.</param>
    /// <remarks>
    /// A sum of products, which a convolution is, averages rounding errors, since they are of both signs. Those of clipping
    /// all have one sign and hit the same channels everywhere, so that they add up.
    /// </remarks>
    public static QuantParameters Careful(ValueDistribution values, int clamp, int samples)
    {
        QuantParameters range = LeastSquares(values, clamp, ClipWeight);
        float step = range.Scale * (1 + (Headroom / samples));
        return RunningRange.Quantize((range.Min - range.ZeroPoint) * step, (range.Max - range.ZeroPoint) * step, clamp);
    }

    /// <summary>The sum of squared errors of a tensor's values.</summary>
    public static double Error(ValueDistribution values, QuantParameters quant, int clamp, double clipWeight = 1) =>
        values.SquaredError(quant.Scale, quant.ZeroPoint, clamp)
        + ((clipWeight - 1) * values.ClippingError(quant.Scale, quant.ZeroPoint, clamp));
}
