using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// The clipping threshold whose 128-level version of a distribution loses the least information (Migacz, "8-bit
/// Inference with TensorRT", GTC 2017), with the reference's particulars (TensorStatistic.cpp): 2,048 bins, each
/// starting at 1e-7 so that none is empty; the tail beyond the threshold goes onto the last bin kept; a level's share
/// is spread evenly over the bins that it covers, fractions of bins at its ends included.
/// </summary>
internal static class KlThreshold
{
    /// <summary>Bins of the distribution.</summary>
    public const int Bins = 2048;

    /// <summary>Levels of the quantized version.</summary>
    public const int Levels = 128;

    /// <summary>What each bin holds before the first value.</summary>
    public const double InitialCount = 1e-7;

    // What the reference starts with: more than any divergence.
    private const double Nothing = 10_000;

    // A first look at every so many thresholds tells which of the others need none.
    private const int Stride = 32;

    // Far more than the error of a computed divergence, far less than what tells two thresholds apart.
    private const double Rounding = 1e-9;

    /// <summary>Finds the number of bins to keep.</summary>
    /// <param name="counts">[Bins]: how often each magnitude occurred, without <see cref="InitialCount"/>.</param>
    /// <returns>128 to 2,047; the smallest of equals.</returns>
    public static int Find(ReadOnlySpan<double> counts)
    {
        var search = new Search(counts);
        double bound = Nothing;
        for (int kept = Levels; kept < Bins; kept += Stride)
        {
            bound = Math.Min(bound, search.Divergence(kept));
        }

        int best = Levels;
        double least = Nothing;
        for (int kept = Levels; kept < Bins; kept++)
        {
            // Written so that what is no number is looked at.
            if (search.LowerBound(kept) > bound + Rounding)
            {
                continue;
            }

            double divergence = search.Divergence(kept);
            if (divergence < least)
            {
                least = divergence;
                best = kept;
                bound = Math.Min(bound, least);
            }
        }

        return best;
    }

    /// <summary>The divergence as the formula reads, bin by bin; what <see cref="Find"/> is tested against.</summary>
    internal static double DivergenceByDefinition(ReadOnlySpan<double> counts, int kept)
    {
        double[] p = new double[Bins];
        double sum = 0;
        for (int i = 0; i < Bins; i++)
        {
            p[i] = counts[i] + InitialCount;
            sum += p[i];
        }

        double tail = 0;
        for (int i = 0; i < Bins; i++)
        {
            p[i] /= sum;
            tail += i >= kept ? p[i] : 0;
        }

        double[] q = new double[kept];
        double width = (double)kept / Levels;
        for (int level = 0; level < Levels; level++)
        {
            (double start, double end) = (level * width, (level + 1) * width);
            double mass = 0;
            for (int i = (int)start; i < Math.Min(kept, Math.Ceiling(end)); i++)
            {
                mass += p[i] * (Math.Min(end, i + 1) - Math.Max(start, i));
            }

            for (int i = (int)start; i < Math.Min(kept, Math.Ceiling(end)); i++)
            {
                q[i] += mass / width * (Math.Min(end, i + 1) - Math.Max(start, i));
            }
        }

        double divergence = 0;
        for (int i = 0; i < kept; i++)
        {
            double candidate = p[i] + (i == kept - 1 ? tail : 0);
            divergence += candidate * DoubleLog.Log(candidate / q[i]);
        }

        return divergence;
    }

    // Sums over ranges of bins are differences of prefix sums, and all whole bins of a level share one q, so that a
    // threshold costs 128 levels instead of up to 2,047 bins twice. P and Q are counts here; both would be divided by
    // the same total, which leaves their ratio alone and comes out of the sum. Prefix sums leave the initial counts out,
    // so that differences over empty bins are exactly 0 and the initial counts are not lost in rounding.
    private sealed class Search
    {
        private readonly double[] _counts;
        private readonly double[] _p = new double[2 * Levels];
        private readonly double[] _q = new double[2 * Levels];
        private readonly double[] _prefix = new double[Bins + 1];
        private readonly double[] _prefixPLogP = new double[Bins + 1];

        public Search(ReadOnlySpan<double> counts)
        {
            _counts = counts.ToArray();
            for (int i = 0; i < Bins; i++)
            {
                double p = _counts[i] + InitialCount;
                _prefix[i + 1] = _prefix[i] + _counts[i];
                _prefixPLogP[i + 1] = _prefixPLogP[i] + (p * DoubleLog.Log(p));
            }
        }

        // sum of P log P - sum of P log Q. First the Q of each level (its whole bins) and of each bin that two levels
        // share, then all logarithms at once, then the sum.
        public double Divergence(int kept)
        {
            double tail = Mass(kept, Bins);
            double last = _counts[kept - 1] + InitialCount + tail;
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
            double result = _prefixPLogP[kept - 1] + (last * DoubleLog.Log(last));
            for (int i = 0; i < _p.Length; i++)
            {
                result -= _p[i] * _q[i];
            }

            return result / (_prefix[Bins] + (Bins * InitialCount));
        }

        // Taken over groups of bins instead of bins, the divergence is at most as great (the log sum inequality). Three groups
        // show what cutting off the tail costs: the last bin, which gets it; the other bins that belong to the last level
        // alone; all others.
        public double LowerBound(int kept)
        {
            double tail = Mass(kept, Bins);
            double start = (Levels - 1) * ((double)kept / Levels);
            int firstWhole = (int)Math.Ceiling(start);
            double whole = Mass(firstWhole, kept);
            double left = firstWhole > start ? _counts[firstWhole - 1] + InitialCount : 0;
            double q = (whole + ((firstWhole - start) * left)) * Levels / kept;

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

            return restQ > 0 ? (result + (rest * DoubleLog.Log(rest / restQ))) / (_prefix[Bins] + (Bins * InitialCount)) : 0;
        }

        private double Mass(int first, int end) => _prefix[end] - _prefix[first] + ((end - first) * InitialCount);
    }
}
