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

    // Tables of 100 KiB, of which a thread has one set for all its tensors.
    [ThreadStatic]
    private static (KlDivergence Exact, KlEstimate Estimate)? t_tables;

    /// <summary>Finds the number of bins to keep.</summary>
    /// <param name="counts">[Bins]: how often each magnitude occurred, without <see cref="InitialCount"/>.</param>
    /// <returns>128 to 2,047; the smallest of equals.</returns>
    public static int Find(ReadOnlySpan<double> counts)
    {
        (KlDivergence exact, KlEstimate estimate) = t_tables ??= (new(), new());
        exact.Take(counts);
        estimate.Take(exact);
        double bound = Nothing;
        for (int kept = Levels; kept < Bins; kept += Stride)
        {
            bound = Math.Min(bound, estimate.Of(kept) + KlEstimate.Error);
        }

        Span<double> least = stackalloc double[Bins];
        for (int kept = Levels; kept < Bins; kept++)
        {
            // Written so that what is no number is looked at.
            least[kept] = exact.LowerBound(kept) - KlDivergence.Rounding;
            if (!(least[kept] > bound))
            {
                double near = estimate.Of(kept);
                least[kept] = near - KlEstimate.Error;
                bound = Math.Min(bound, near + KlEstimate.Error);
            }
        }

        return Best(exact, least, bound);
    }

    // Of the few thresholds that may be the best.
    private static int Best(KlDivergence exact, ReadOnlySpan<double> least, double bound)
    {
        int best = Levels;
        double found = Nothing;
        for (int kept = Levels; kept < Bins; kept++)
        {
            double divergence = least[kept] > bound ? Nothing : exact.Of(kept);
            if (divergence < found)
            {
                found = divergence;
                best = kept;
                bound = Math.Min(bound, found);
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
}
