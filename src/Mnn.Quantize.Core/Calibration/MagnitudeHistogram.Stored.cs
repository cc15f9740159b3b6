using System.Buffers;
using Mnn.Quantize.Calibration.Caching;

namespace Mnn.Quantize.Calibration;

/// <summary>The histogram as bytes, so that a picture that was counted once need not be counted again.</summary>
internal sealed partial class MagnitudeHistogram
{
    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        ClearCounts();
        (Min, Max) = (float.PositiveInfinity, float.NegativeInfinity);
        _exponent = NoExponent;
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
        if (_exponent == NoExponent)
        {
            return;
        }

        long[] counts = ArrayPool<long>.Shared.Rent(BinCount);
        CopyTo(counts);
        StoreCounts(to, counts.AsSpan(0, BinCount));
        ArrayPool<long>.Shared.Return(counts);
    }

    /// <summary>Adds what <see cref="Store"/> wrote: the same as <see cref="Merge"/> with the histogram that wrote it.</summary>
    public void MergeStored(ref EntryReader from)
    {
        lock (_lock)
        {
            Cover(from.Float(), from.Float(), finite: true);
            int exponent = from.Signed();
            if (exponent == NoExponent)
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
                    Add(bin >> shift, (long)from.Number());
                }
            }
        }
    }

    /// <summary>Passes over what <see cref="Store"/> wrote.</summary>
    public static void Skip(ref EntryReader from)
    {
        from.Float();
        from.Float();
        if (from.Signed() == NoExponent)
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

    private static void StoreCounts(EntryWriter to, ReadOnlySpan<long> counts)
    {
        int bin = 0;
        while (bin < counts.Length)
        {
            int first = bin + Run(counts[bin..], filled: false);
            int end = first + Run(counts[first..], filled: true);
            to.Number((ulong)(first - bin));
            to.Number((ulong)(end - first));
            for (bin = first; bin < end; bin++)
            {
                to.Number((ulong)counts[bin]);
            }
        }
    }

    // How many bins from the start on are all filled, or all empty.
    private static int Run(ReadOnlySpan<long> counts, bool filled)
    {
        int length = filled ? counts.IndexOf(0) : counts.IndexOfAnyExcept(0);
        return length < 0 ? counts.Length : length;
    }
}
