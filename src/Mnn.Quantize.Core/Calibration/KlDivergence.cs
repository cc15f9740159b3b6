using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// The divergences of one distribution's thresholds, in double precision: sum of P log(P / Q) over the bins kept, where P is
/// the distribution with its tail on the last bin and Q its version of <see cref="KlThreshold.Levels"/> levels.
/// </summary>
/// <remarks>
/// Sums over ranges of bins are differences of prefix sums, and all whole bins of a level share one q, so that a
/// threshold costs 128 levels instead of up to 2,047 bins twice. P and Q are counts here; both would be divided by
/// the same total, which leaves their ratio alone and comes out of the sum. Prefix sums leave the initial counts out,
/// so that differences over empty bins are exactly 0 and the initial counts are not lost in rounding.
/// </remarks>
internal sealed class KlDivergence
{
    /// <summary>Far more than the error of a computed divergence, far less than what tells two thresholds apart.</summary>
    public const double Rounding = 1e-9;

    private const int Levels = KlThreshold.Levels;
    private const int Bins = KlThreshold.Bins;
    private const double InitialCount = KlThreshold.InitialCount;

    private readonly double[] _counts = new double[Bins];
    private readonly double[] _logs = new double[Bins];
    private readonly double[] _p = new double[2 * Levels];
    private readonly double[] _q = new double[2 * Levels];
    private readonly double[] _prefix = new double[Bins + 1];
    private readonly double[] _prefixPLogP = new double[Bins + 1];

    /// <summary>Makes another distribution the one whose divergences are wanted.</summary>
    /// <param name="counts">[Bins]: how often each magnitude occurred, without the initial count.</param>
    public void Take(ReadOnlySpan<double> counts)
    {
        counts.CopyTo(_counts);
        for (int i = 0; i < Bins; i++)
        {
            _logs[i] = _counts[i] + InitialCount;
        }

        DoubleLog.Log(_logs, _logs);
        for (int i = 0; i < Bins; i++)
        {
            _prefix[i + 1] = _prefix[i] + _counts[i];
            _prefixPLogP[i + 1] = _prefixPLogP[i] + ((_counts[i] + InitialCount) * _logs[i]);
        }
    }

    /// <summary>The sum of P in the units of the counts: what a sum of P log Q is to be divided by.</summary>
    public double Total => _prefix[Bins] + (Bins * InitialCount);

    /// <summary>The divergence with so many bins kept.</summary>
    /// <param name="kept">128 to 2,047.</param>
    // First the Q of each level (its whole bins) and of each bin that two levels share, then all logarithms at once, then the
    // sum.
    public double Of(int kept)
    {
        double tail = Mass(kept, Bins);
        double width = (double)kept / Levels;
        double carried = 0;
        for (int level = 0; level < Levels; level++)
        {
            (double start, double end) = (level * width, (level + 1) * width);
            int firstWhole = (int)Math.Ceiling(start);
            int endWhole = (int)end;
            double leftShare = firstWhole - start;
            double rightShare = end - endWhole;
            double whole = Mass(firstWhole, endWhole);
            double left = leftShare > 0 ? _counts[firstWhole - 1] + InitialCount : 0;
            double right = rightShare > 0 ? _counts[endWhole] + InitialCount : 0;
            double q = (whole + (leftShare * left) + (rightShare * right)) / width;
            _p[level] = endWhole == kept ? whole + tail : whole;
            _q[level] = q;

            // The bin that this level shares with the one before it is complete now; 1 has the logarithm 0.
            _p[Levels + level] = left;
            _q[Levels + level] = leftShare > 0 ? carried + (q * leftShare) : 1;
            carried = q * rightShare;
        }

        DoubleLog.Log(_q, _q);
        double result = Own(kept);
        for (int i = 0; i < _p.Length; i++)
        {
            result -= _p[i] * _q[i];
        }

        return result / Total;
    }

    /// <summary>The sum of P log P, in the units of the counts.</summary>
    /// <param name="kept">128 to 2,047.</param>
    public double Own(int kept)
    {
        double last = _counts[kept - 1] + InitialCount + Mass(kept, Bins);
        return _prefixPLogP[kept - 1] + (last * DoubleLog.Log(last));
    }

    /// <summary>No more than the divergence.</summary>
    /// <param name="kept">128 to 2,047.</param>
    // Taken over groups of bins instead of bins, the divergence is at most as great (the log sum inequality). Three groups
    // show what cutting off the tail costs: the last bin, which gets it; the other bins that belong to the last level
    // alone; all others.
    public double LowerBound(int kept)
    {
        double tail = Mass(kept, Bins);
        (double q, int firstWhole) = LastLevel(kept);
        double whole = Mass(firstWhole, kept);
        double last = _counts[kept - 1] + InitialCount;
        double level = whole - last;
        double levelQ = q * (kept - 1 - firstWhole);
        double rest = Mass(0, firstWhole);
        double restQ = rest + whole - q - levelQ;
        double result = (last + tail) * DoubleLog.Log((last + tail) / q);
        if (level > 0 && levelQ > 0)
        {
            result += level * DoubleLog.Log(level / levelQ);
        }

        return restQ > 0 ? (result + (rest * DoubleLog.Log(rest / restQ))) / Total : 0;
    }

    /// <summary>The Q of a bin that belongs to the last level alone, and the first such bin.</summary>
    /// <param name="kept">128 to 2,047.</param>
    public (double Q, int FirstWhole) LastLevel(int kept)
    {
        double start = (Levels - 1) * ((double)kept / Levels);
        int firstWhole = (int)Math.Ceiling(start);
        double left = firstWhole > start ? _counts[firstWhole - 1] + InitialCount : 0;
        return ((Mass(firstWhole, kept) + ((firstWhole - start) * left)) * Levels / kept, firstWhole);
    }

    /// <summary>The sum of P over bins <paramref name="first"/> to <paramref name="end"/> - 1, in the units of the counts.</summary>
    public double Mass(int first, int end) => _prefix[end] - _prefix[first] + ((end - first) * InitialCount);
}
