using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// How often each magnitude occurs in a tensor, over any number of pictures, in constant memory. Bins are a power of two
/// wide; when a greater value comes, neighbours merge and the width doubles, which moves no count across a bin's edge.
/// So the result depends only on the values seen, not on their order, and histograms made on several threads merge
/// exactly. One pass suffices where the reference needs a first one for the range.
/// </summary>
internal sealed partial class MagnitudeHistogram
{
    /// <summary>Number of bins; the greatest value lies in the upper half.</summary>
    public const int BinCount = 16384;

    /// <summary>Magnitudes up to this one count as zero and are left out, as in the reference.</summary>
    public const float Negligible = 1e-6f;

    private const int Chunk = 512;

    // Slots in front of the bins; several, as an increment has to wait for the one before it on the same slot.
    private const int Unread = 16;

    // Negligible values are counted too, and never read: a branch on them, which nothing predicts, would cost more. 32 bits,
    // so that the histograms of a model's tensors take half the memory, and more of one stays in the processor's cache.
    private readonly uint[] _slots = new uint[Unread + BinCount];

    // Values counted in _slots since they were carried over last.
    private long _pending;

    // What 32 bits can't hold; there after four thousand million values.
    private long[]? _carried;

    // Bin i covers [i, i + 1) * 2^_exponent.
    private int _exponent = int.MinValue;

    /// <summary>Smallest value seen; +infinity if none.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>Greatest value seen; -infinity if none.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>Greatest magnitude seen; 0 if none.</summary>
    public float MaxMagnitude => Max < Min ? 0 : MathF.Max(MathF.Abs(Min), MathF.Abs(Max));

    /// <summary>True if a NaN or an infinity was seen.</summary>
    public bool HasNonFinite { get; private set; }

    /// <summary>Width of a bin.</summary>
    public double BinWidth => _exponent == int.MinValue ? 0 : Math.ScaleB(1, _exponent);

    private Span<uint> Bins => _slots.AsSpan(Unread);

    /// <summary>Adds all values of one tensor.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        (float low, float high, bool finite) = Range(values);
        HasNonFinite |= !finite;
        if (!finite || values.IsEmpty)
        {
            return;
        }

        Min = MathF.Min(Min, low);
        Max = MathF.Max(Max, high);
        float magnitude = MathF.Max(MathF.Abs(low), MathF.Abs(high));
        if (magnitude <= Negligible)
        {
            return;
        }

        CoverAtLeast(ExponentFor(magnitude));
        Reserve(values.Length);
        Count(values);
    }

    /// <summary>Adds max(0, -x) for all values x: the magnitudes of the negative ones.</summary>
    public void AddNegated(ReadOnlySpan<float> values)
    {
        Span<float> negated = stackalloc float[Chunk];
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            ReadOnlySpan<float> part = values[..Math.Min(Chunk, values.Length)];
            Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(negated[..part.Length]);
            ReadOnlySpan<Vector<float>> sources = MemoryMarshal.Cast<float, Vector<float>>(part);
            for (int i = 0; i < vectors.Length; i++)
            {
                vectors[i] = Vector.Max(Vector<float>.Zero, -sources[i]);
            }

            for (int i = vectors.Length * Vector<float>.Count; i < part.Length; i++)
            {
                negated[i] = MathF.Max(0, -part[i]);
            }

            Add(negated[..part.Length]);
        }
    }

    /// <summary>Adds what another histogram has seen.</summary>
    public void Merge(MagnitudeHistogram other)
    {
        HasNonFinite |= other.HasNonFinite;
        Min = MathF.Min(Min, other.Min);
        Max = MathF.Max(Max, other.Max);
        if (other._exponent == int.MinValue)
        {
            return;
        }

        CoverAtLeast(other._exponent);
        int shift = Math.Min(_exponent - other._exponent, 31);
        Reserve(other._pending);
        Span<uint> bins = Bins;
        ReadOnlySpan<uint> others = other.Bins;
        for (int i = 0; i < others.Length; i++)
        {
            bins[i >> shift] += others[i];
        }

        for (int i = 0; i < BinCount && other._carried is not null; i++)
        {
            Add(i >> shift, other._carried[i]);
        }
    }

    /// <summary>
    /// The histogram over <paramref name="bins"/>.Length equal bins that end at <see cref="MaxMagnitude"/>. A fine bin
    /// that straddles an edge is divided in proportion.
    /// </summary>
    public void Resample(Span<double> bins)
    {
        bins.Clear();
        if (MaxMagnitude == 0 || _exponent == int.MinValue)
        {
            return;
        }

        double ratio = BinWidth * bins.Length / MaxMagnitude;
        for (int i = 0; i < BinCount; i++)
        {
            long count = CountAt(i);
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
    }

    /// <summary>How many values each bin holds: bin i those of magnitude [i, i + 1) * <see cref="BinWidth"/>.</summary>
    public long[] Counts()
    {
        long[] counts = new long[BinCount];
        for (int i = 0; i < BinCount; i++)
        {
            counts[i] = CountAt(i);
        }

        return counts;
    }

    private long CountAt(int bin) => _slots[Unread + bin] + (_carried is null ? 0 : _carried[bin]);

    private void Add(int bin, long count)
    {
        if (count > uint.MaxValue)
        {
            _carried ??= new long[BinCount];
            _carried[bin] += count;
        }
        else
        {
            Reserve(count);
            Bins[bin] += (uint)count;
        }
    }

    // Called before so many values are counted, at most 2^32 - 1.
    private void Reserve(long values)
    {
        _pending += values;
        if (_pending <= uint.MaxValue)
        {
            return;
        }

        _carried ??= new long[BinCount];
        for (int i = 0; i < BinCount; i++)
        {
            _carried[i] += Bins[i];
        }

        Array.Clear(_slots);
        _pending = values;
    }

    // The exponent with which this magnitude falls into the upper half of the bins.
    private static int ExponentFor(float magnitude) => MathF.ILogB(magnitude) - (BitOperations.Log2(BinCount) - 1);

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

    private void CoverAtLeast(int exponent)
    {
        if (_exponent == int.MinValue)
        {
            _exponent = exponent;
        }

        if (exponent <= _exponent)
        {
            return;
        }

        int shift = Math.Min(exponent - _exponent, 31);
        Fold(Bins, shift);
        Fold<long>(_carried, shift);
        _exponent = exponent;
    }

    private static void Fold<T>(Span<T> bins, int shift)
        where T : struct, IBinaryInteger<T>
    {
        for (int i = 1; i < bins.Length; i++)
        {
            T count = bins[i];
            bins[i] = T.Zero;
            bins[i >> shift] += count;
        }
    }
}
