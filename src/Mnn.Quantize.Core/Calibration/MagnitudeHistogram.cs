using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// How often each magnitude occurs in a tensor, over any number of pictures, in constant memory. Bins are a power of two
/// wide; when a greater value comes, neighbours merge and the width doubles, which moves no count across a bin's edge.
/// So the result depends only on the values seen, not on their order, and several threads may add to one histogram.
/// One pass suffices where the reference needs a first one for the range.
/// </summary>
internal sealed partial class MagnitudeHistogram
{
    /// <summary>Number of bins; the greatest value lies in the upper half.</summary>
    public const int BinCount = 16384;

    /// <summary>Magnitudes up to this one count as zero and are left out, as in the reference.</summary>
    public const float Negligible = 1e-6f;

    private const int NoExponent = MagnitudeCounter.NoExponent;

    private readonly Lock _lock = new();

    // Bin i covers [i, i + 1) * 2^_exponent.
    private int _exponent = NoExponent;

    /// <summary>Smallest value seen; +infinity if none.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>Greatest value seen; -infinity if none.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>Greatest magnitude seen; 0 if none.</summary>
    public float MaxMagnitude => Max < Min ? 0 : MathF.Max(MathF.Abs(Min), MathF.Abs(Max));

    /// <summary>True if a NaN or an infinity was seen.</summary>
    public bool HasNonFinite { get; private set; }

    /// <summary>Width of a bin.</summary>
    public double BinWidth => _exponent == NoExponent ? 0 : Math.ScaleB(1, _exponent);

    /// <summary>Adds all values of one tensor.</summary>
    /// <param name="values">The values.</param>
    /// <param name="negated">Whether max(0, -x) is added for each value x: the magnitudes of the negative ones.</param>
    /// <returns>False if one is not finite; not all are added then.</returns>
    public bool Add(ReadOnlySpan<float> values, bool negated = false)
    {
        MagnitudeCounter counter = MagnitudeCounter.OfThread;
        counter.Begin(Volatile.Read(ref _exponent));
        bool finite = true;
        for (; finite && !values.IsEmpty; values = values[Math.Min(MagnitudeCounter.MostValues, values.Length)..])
        {
            finite = counter.Count(values[..Math.Min(MagnitudeCounter.MostValues, values.Length)], negated);
            lock (_lock)
            {
                TakeOver(counter, finite);
            }
        }

        return finite;
    }

    /// <summary>Adds the smallest and the greatest of some values, and counts nothing.</summary>
    /// <returns>False if one is not finite; none is added then.</returns>
    public bool AddExtremes(ReadOnlySpan<float> values)
    {
        (float low, float high, bool finite) = Range(values);
        lock (_lock)
        {
            Cover(low, high, finite);
        }

        return finite;
    }

    /// <summary>Adds what another histogram has seen, to which nobody adds meanwhile.</summary>
    public void Merge(MagnitudeHistogram other)
    {
        lock (_lock)
        {
            Cover(other.Min, other.Max, finite: true);
            HasNonFinite |= other.HasNonFinite;
            if (other._exponent != NoExponent)
            {
                CoverAtLeast(other._exponent);
                MergeCounts(other, Math.Min(_exponent - other._exponent, 31));
            }
        }
    }

    /// <summary>
    /// The histogram over <paramref name="bins"/>.Length equal bins that end at <see cref="MaxMagnitude"/>. A fine bin
    /// that straddles an edge is divided in proportion.
    /// </summary>
    public void Resample(Span<double> bins)
    {
        bins.Clear();
        if (MaxMagnitude == 0 || _exponent == NoExponent)
        {
            return;
        }

        long[] counts = ArrayPool<long>.Shared.Rent(BinCount);
        CopyTo(counts);
        double ratio = BinWidth * bins.Length / MaxMagnitude;
        for (int i = 0; i < BinCount; i++)
        {
            long count = counts[i];
            if (count == 0)
            {
                continue;
            }

            double start = i * ratio;
            double end = start + ratio;
            int first = Math.Min((int)start, bins.Length - 1);
            int last = Math.Min((int)end, bins.Length - 1);
            if (first == last)
            {
                bins[first] += count;
            }
            else
            {
                // A fine bin is at most a quarter as wide as a coarse one, so it touches two at most.
                double share = (last - start) / ratio;
                bins[first] += count * share;
                bins[last] += count * (1 - share);
            }
        }

        ArrayPool<long>.Shared.Return(counts);
    }

    /// <summary>How many values each bin holds: bin i those of magnitude [i, i + 1) * <see cref="BinWidth"/>.</summary>
    public long[] Counts()
    {
        long[] counts = new long[BinCount];
        CopyTo(counts);
        return counts;
    }

    /// <summary>Smallest and greatest of some values, and whether all of them are finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Low, float High, bool Finite) Range(ReadOnlySpan<float> values)
    {
        var low = new Vector<float>(float.PositiveInfinity);
        var high = new Vector<float>(float.NegativeInfinity);
        var notANumber = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (Vector<float> v in vectors)
        {
            low = Vector.Min(low, v);
            high = Vector.Max(high, v);

            // x - x is NaN for NaN and infinity, else 0; NaN stays in the sum.
            notANumber += v - v;
        }

        (float min, float max, float sum) = (float.PositiveInfinity, float.NegativeInfinity, 0);
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            min = MathF.Min(min, low[i]);
            max = MathF.Max(max, high[i]);
            sum += notANumber[i];
        }

        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
            sum += value - value;
        }

        return (min, max, !float.IsNaN(sum));
    }

    // The sum with 0 takes the sign from -0, which depends on the order of values.
    private void Cover(float low, float high, bool finite)
    {
        HasNonFinite |= !finite;
        if (finite)
        {
            Min = MathF.Min(Min, low + 0f);
            Max = MathF.Max(Max, high + 0f);
        }
    }

    private void TakeOver(MagnitudeCounter counter, bool finite)
    {
        Cover(counter.Min, counter.Max, finite);
        Span<ushort> used = counter.Slots[..(finite ? counter.UsedSlots : counter.Slots.Length)];
        if (finite && counter.Exponent != NoExponent)
        {
            CoverAtLeast(counter.Exponent);
            TakeOver(used[MagnitudeCounter.Unread..], Math.Min(_exponent - counter.Exponent, 31));
        }

        used.Clear();
    }

    private void CoverAtLeast(int exponent)
    {
        if (_exponent == NoExponent)
        {
            _exponent = exponent;
        }

        if (exponent > _exponent)
        {
            Fold(Math.Min(exponent - _exponent, 31));
            _exponent = exponent;
        }
    }
}
