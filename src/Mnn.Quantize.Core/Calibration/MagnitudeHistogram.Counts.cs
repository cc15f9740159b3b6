using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// The counts. A byte a bin holds what is beyond the last multiple of 256; multiples, which few bins reach, are in pages that are
/// there where they are needed.
/// </summary>
internal sealed partial class MagnitudeHistogram
{
    private const int PageBits = 8;
    private const int PageBins = 1 << PageBits;

    // [BinCount]; there from the first count on.
    private byte[]? _low;

    // [BinCount / PageBins] of [PageBins]: multiples of 256.
    private long[]?[]? _pages;

    // counts: one a bin from the first on, below 2^16 - 255; they are of bins 2^shift times as narrow.
    private void TakeOver(ReadOnlySpan<ushort> counts, int shift)
    {
        if (shift == 0)
        {
            int whole = counts.Length & -Vector<byte>.Count;
            TakeOver(counts[..whole]);
            TakeOneByOne(counts, whole, 0);
        }
        else
        {
            TakeOneByOne(counts, 0, shift);
        }
    }

    private void TakeOneByOne(ReadOnlySpan<ushort> counts, int from, int shift)
    {
        for (int i = from; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                Add(i >> shift, counts[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeOver(ReadOnlySpan<ushort> counts)
    {
        ref byte low = ref MemoryMarshal.GetArrayDataReference(_low ??= new byte[BinCount]);
        ref ushort source = ref MemoryMarshal.GetReference(counts);
        for (nuint i = 0; i < (nuint)counts.Length; i += (nuint)Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref low, i), out Vector<ushort> first, out Vector<ushort> second);
            first += Vector.LoadUnsafe(ref source, i);
            second += Vector.LoadUnsafe(ref source, i + (nuint)Vector<ushort>.Count);
            Vector.Narrow(first, second).StoreUnsafe(ref low, i);
            if (Vector.GreaterThanAny(first | second, new Vector<ushort>(byte.MaxValue)))
            {
                Carry((int)i, first);
                Carry((int)i + Vector<ushort>.Count, second);
            }
        }
    }

    private void Carry(int bin, Vector<ushort> counts)
    {
        for (int i = 0; i < Vector<ushort>.Count; i++)
        {
            if (counts[i] > byte.MaxValue)
            {
                Page(bin + i)[(bin + i) & (PageBins - 1)] += counts[i] & ~byte.MaxValue;
            }
        }
    }

    private void Add(int bin, long count)
    {
        _low ??= new byte[BinCount];
        long sum = _low[bin] + count;
        _low[bin] = (byte)sum;
        if (sum > byte.MaxValue)
        {
            Page(bin)[bin & (PageBins - 1)] += sum & ~(long)byte.MaxValue;
        }
    }

    private long[] Page(int bin)
    {
        _pages ??= new long[BinCount / PageBins][];
        return _pages[bin >> PageBits] ??= new long[PageBins];
    }

    private void MergeCounts(MagnitudeHistogram other, int shift)
    {
        for (int i = 0; i < other._low?.Length; i++)
        {
            if (other._low[i] > 0)
            {
                Add(i >> shift, other._low[i]);
            }
        }

        for (int page = 0; page < other._pages?.Length; page++)
        {
            for (int i = 0; i < other._pages[page]?.Length; i++)
            {
                Add(((page * PageBins) + i) >> shift, other._pages[page]![i]);
            }
        }
    }

    // Bins become 2^shift times as wide.
    private void Fold(int shift)
    {
        for (int i = 1; i < _low?.Length; i++)
        {
            long count = _low[i];
            _low[i] = 0;
            if (_pages?[i >> PageBits] is { } page)
            {
                count += page[i & (PageBins - 1)];
                page[i & (PageBins - 1)] = 0;
            }

            if (count > 0)
            {
                Add(i >> shift, count);
            }
        }
    }

    private void ClearCounts()
    {
        if (_low is not null)
        {
            Array.Clear(_low);
        }

        _pages = null;
    }

    // counts: at least [BinCount].
    private void CopyTo(Span<long> counts)
    {
        counts[..BinCount].Clear();
        for (int i = 0; i < _low?.Length; i++)
        {
            counts[i] = _low[i];
        }

        for (int page = 0; page < _pages?.Length; page++)
        {
            Span<long> part = counts[(page * PageBins)..];
            for (int i = 0; i < _pages[page]?.Length; i++)
            {
                part[i] += _pages[page]![i];
            }
        }
    }
}
