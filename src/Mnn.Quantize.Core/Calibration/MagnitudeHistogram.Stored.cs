using Mnn.Quantize.Calibration.Caching;

namespace Mnn.Quantize.Calibration;

/// <summary>The histogram as bytes, so that a picture that was counted once need not be counted again.</summary>
internal sealed partial class MagnitudeHistogram
{
    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        if (_exponent != int.MinValue)
        {
            Array.Clear(_counts);
        }

        (Min, Max) = (float.PositiveInfinity, float.NegativeInfinity);
        _exponent = int.MinValue;
        HasNonFinite = false;
    }

    /// <summary>
    /// Writes extremes, width of the bins and counts: in turn how many empty bins there are, how many filled ones follow, and
    /// their counts. One picture fills most bins once or twice, so that a count is a byte.
    /// </summary>
    public void Store(EntryWriter to)
    {
        to.Float(Min);
        to.Float(Max);
        to.Signed(_exponent);
        int bin = 0;
        while (_exponent != int.MinValue && bin < BinCount)
        {
            int first = bin + Run(_counts.AsSpan(bin), filled: false);
            int end = first + Run(_counts.AsSpan(first), filled: true);
            to.Number((ulong)(first - bin));
            to.Number((ulong)(end - first));
            for (bin = first; bin < end; bin++)
            {
                to.Number((ulong)_counts[bin]);
            }
        }
    }

    /// <summary>Adds what <see cref="Store"/> wrote: the same as <see cref="Merge"/> with the histogram that wrote it.</summary>
    public void MergeStored(ref EntryReader from)
    {
        Min = MathF.Min(Min, from.Float());
        Max = MathF.Max(Max, from.Float());
        int exponent = from.Signed();
        if (exponent == int.MinValue)
        {
            return;
        }

        CoverAtLeast(exponent);
        int shift = Math.Min(_exponent - exponent, 31);
        for (int bin = 0; bin < BinCount;)
        {
            bin += from.Count(BinCount - bin);
            for (int end = bin + from.Count(BinCount - bin); bin < end; bin++)
            {
                _counts[bin >> shift] += (long)from.Number();
            }
        }
    }

    /// <summary>Passes over what <see cref="Store"/> wrote.</summary>
    public static void Skip(ref EntryReader from)
    {
        from.Float();
        from.Float();
        if (from.Signed() == int.MinValue)
        {
            return;
        }

        for (int bin = 0; bin < BinCount;)
        {
            bin += from.Count(BinCount - bin);
            for (int end = bin + from.Count(BinCount - bin); bin < end; bin++)
            {
                from.Number();
            }
        }
    }

    // How many bins from the start on are all filled, or all empty.
    private static int Run(ReadOnlySpan<long> counts, bool filled)
    {
        int length = filled ? counts.IndexOf(0L) : counts.IndexOfAnyExcept(0L);
        return length < 0 ? counts.Length : length;
    }
}
