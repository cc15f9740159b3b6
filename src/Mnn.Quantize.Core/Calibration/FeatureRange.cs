using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>Scale and zero point of a tensor from the distribution of its values.</summary>
internal static class FeatureRange
{
    // Ends of the range are tried in steps of 1/32 of the extremes.
    private const int Steps = 32;

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
    public static QuantParameters LeastSquares(ValueDistribution values, int clamp)
    {
        QuantParameters best = Whole(values, clamp);
        double least = Error(values, best, clamp);
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
                    double error = Error(values, tried, clamp);
                    if (error < least)
                    {
                        (least, best, at) = (error, tried, (low, high));
                    }
                }
            }
        }

        return best;
    }

    /// <summary>Of the ranges of both methods the one with the lower squared error.</summary>
    public static QuantParameters Best(ValueDistribution values, int clamp)
    {
        (QuantParameters squares, QuantParameters percentile) = (LeastSquares(values, clamp), Percentile(values, clamp));
        return Error(values, squares, clamp) <= Error(values, percentile, clamp) ? squares : percentile;
    }

    /// <summary>The sum of squared errors of a tensor's values.</summary>
    public static double Error(ValueDistribution values, QuantParameters quant, int clamp) =>
        values.SquaredError(quant.Scale, quant.ZeroPoint, clamp);
}
