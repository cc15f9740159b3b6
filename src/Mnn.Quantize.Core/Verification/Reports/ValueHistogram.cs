namespace Mnn.Quantize.Verification.Reports;

/// <summary>
/// How often values occur, over any number of tensors, in constant memory. Bins are a power of two wide and meet at 0;
/// when a value lies beyond, neighbours merge and the width doubles. So the counts depend on the values alone, not on
/// their order, and histograms of several threads merge exactly.
/// </summary>
internal sealed class ValueHistogram
{
    private const int HalfCount = 1024;

    // Bins of at least this width: 0 and what is next to it need no telling apart.
    private const int LeastExponent = -60;

    private long[] _counts = new long[2 * HalfCount];
    private int _exponent = LeastExponent;

    /// <summary>Least finite value; +infinity if there was none.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>Greatest finite value; -infinity if there was none.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>True if it has seen a finite value.</summary>
    public bool HasData => Min <= Max;

    /// <summary>Adds values; those that are not finite are left out.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        (float low, float high) = (Min, Max);
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                low = MathF.Min(low, value);
                high = MathF.Max(high, value);
            }
        }

        if (low > high)
        {
            return;
        }

        (Min, Max) = (low, high);
        Widen(MathF.Max(MathF.Abs(low), MathF.Abs(high)));

        // The product with a power of two is exact, so a value's bin does not depend on how it was computed.
        double scale = Math.ScaleB(1, -_exponent);
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                _counts[(int)Math.Floor(value * scale) + HalfCount]++;
            }
        }
    }

    /// <summary>Adds what another one has seen.</summary>
    public void Merge(ValueHistogram other)
    {
        if (!other.HasData)
        {
            return;
        }

        Min = MathF.Min(Min, other.Min);
        Max = MathF.Max(Max, other.Max);
        WidenTo(Math.Max(_exponent, other._exponent));
        long[] counts = Merged(other._counts, _exponent - other._exponent);
        for (int i = 0; i < counts.Length; i++)
        {
            _counts[i] += counts[i];
        }
    }

    /// <summary>The counts over equal bins; one that straddles an edge is divided in proportion.</summary>
    /// <param name="low">Where the first bin begins.</param>
    /// <param name="high">Where the last one ends.</param>
    /// <param name="count">Number of bins.</param>
    public double[] Resample(double low, double high, int count)
    {
        var bins = new double[count];
        double width = Math.ScaleB(1, _exponent);
        double perWidth = count / (high - low);
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                double start = Math.Clamp((((i - HalfCount) * width) - low) * perWidth, 0, count);
                double end = Math.Clamp((((i + 1 - HalfCount) * width) - low) * perWidth, 0, count);
                Share(bins, start, end, _counts[i]);
            }
        }

        return bins;
    }

    private static void Share(double[] bins, double start, double end, double amount)
    {
        int first = Math.Min((int)start, bins.Length - 1);
        int last = Math.Min((int)end, bins.Length - 1);
        if (first == last || end <= start)
        {
            bins[first] += amount;
            return;
        }

        for (int i = first; i <= last; i++)
        {
            bins[i] += amount * (Math.Min(end, i + 1) - Math.Max(start, i)) / (end - start);
        }
    }

    private void Widen(float magnitude)
    {
        int exponent = _exponent;
        while (magnitude >= HalfCount * Math.ScaleB(1, exponent))
        {
            exponent++;
        }

        WidenTo(exponent);
    }

    private void WidenTo(int exponent)
    {
        _counts = Merged(_counts, exponent - _exponent);
        _exponent = exponent;
    }

    private static long[] Merged(long[] counts, int shift)
    {
        if (shift == 0)
        {
            return counts;
        }

        // An arithmetic shift rounds down on both sides of 0, as the bins do.
        var merged = new long[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            merged[((i - HalfCount) >> Math.Min(shift, 31)) + HalfCount] += counts[i];
        }

        return merged;
    }
}
