namespace Mnn.Quantize.Calibration;

/// <summary>
/// Values of a tensor with their signs, from its histograms, and the error that rounding them would make. Sums over
/// ranges of values are differences of prefix sums; a bin that an edge divides counts as evenly filled.
/// </summary>
internal sealed class ValueDistribution
{
    private readonly Side _positive;
    private readonly Side _negative;

    /// <summary>Reads a statistic that was gathered with signs.</summary>
    public ValueDistribution(TensorStatistic statistic)
    {
        MagnitudeHistogram negatives = statistic.Negatives
            ?? throw new ArgumentException("The statistic was gathered without signs.", nameof(statistic));
        Low = MathF.Min(0, statistic.Histogram.Min);
        High = MathF.Max(0, statistic.Histogram.Max);
        _negative = new Side(negatives.Counts(), negatives.BinWidth);
        _positive = new Side(Positives(statistic.Histogram, negatives), statistic.Histogram.BinWidth);
    }

    /// <summary>Smallest value, or 0.</summary>
    public float Low { get; }

    /// <summary>Greatest value, or 0.</summary>
    public float High { get; }

    /// <summary>Values that are not negligible.</summary>
    public double Count => _positive.Total + _negative.Total;

    /// <summary>
    /// Sum of squared errors if every value were rounded to the nearest level: level l stands for (l - zero) * scale, for
    /// l from -clamp to clamp.
    /// </summary>
    /// <param name="scale">Step, positive.</param>
    /// <param name="zero">Level of the value 0.</param>
    /// <param name="clamp">Greatest level.</param>
    public double SquaredError(double scale, int zero, int clamp) =>
        _positive.SquaredError(scale, clamp - zero) + _negative.SquaredError(scale, clamp + zero);

    /// <summary>The part of that error that values beyond the first and the last level make.</summary>
    public double ClippingError(double scale, int zero, int clamp) =>
        _positive.ErrorBeyond(scale * (clamp - zero)) + _negative.ErrorBeyond(scale * (clamp + zero));

    /// <summary>The range that all but a share of the values lie in; that share is left out at each end that has values.</summary>
    /// <param name="share">Such as 0.0001.</param>
    public (float Low, float High) Without(double share)
    {
        double beyond = Count * share;
        return (
            MathF.Max(Low, -(float)_negative.MagnitudeBelow(beyond)),
            MathF.Min(High, (float)_positive.MagnitudeBelow(beyond)));
    }

    // Bins are powers of two wide, so that the finer ones of the negative values fit into those of all.
    private static long[] Positives(MagnitudeHistogram all, MagnitudeHistogram negatives)
    {
        long[] counts = all.Counts();
        ReadOnlySpan<long> less = negatives.Counts();
        int shift = negatives.BinWidth == 0 ? 0 : (int)Math.Log2(all.BinWidth / negatives.BinWidth);
        for (int i = 0; i < less.Length; i++)
        {
            counts[shift >= 31 ? 0 : i >> shift] -= less[i];
        }

        return counts;
    }

    // Values of one sign, by magnitude.
    private sealed class Side(ReadOnlySpan<long> counts, double width)
    {
        private readonly MagnitudeSums _sums = new(counts);

        public double Total => _sums.Total;

        public double SquaredError(double scale, int levels) =>
            Total == 0 ? 0 : Math.Max(0, _sums.SquaredError(scale / width, levels) * width * width);

        // Sum of (x - limit)^2 over all x above the limit.
        public double ErrorBeyond(double limit)
        {
            if (Total == 0 || limit / width >= _sums.Bins)
            {
                return 0;
            }

            double edge = limit / width;
            (double count, double sum, double squares) = _sums.Below(edge);
            (double allCount, double allSum, double allSquares) = _sums.Below(_sums.Bins);
            double error = allSquares - squares - (2 * edge * (allSum - sum)) + (edge * edge * (allCount - count));
            return Math.Max(0, error) * width * width;
        }

        public double MagnitudeBelow(double beyond) => _sums.EdgeBefore(beyond) * width;
    }
}
