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

    private readonly long[] _counts = new long[BinCount];

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
        int shift = _exponent - other._exponent;
        for (int i = 0; i < BinCount; i++)
        {
            if (other._counts[i] != 0)
            {
                _counts[shift >= 31 ? 0 : i >> shift] += other._counts[i];
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
        if (MaxMagnitude == 0 || _exponent == int.MinValue)
        {
            return;
        }

        double ratio = BinWidth * bins.Length / MaxMagnitude;
        for (int i = 0; i < BinCount; i++)
        {
            if (_counts[i] == 0)
            {
                continue;
            }

            double start = i * ratio;
            double end = start + ratio;
            int first = Math.Min((int)start, bins.Length - 1);
            int last = Math.Min((int)end, bins.Length - 1);
            if (first == last)
            {
                bins[first] += _counts[i];
            }
            else
            {
                // A fine bin is at most a quarter as wide as a coarse one, so it touches two at most.
                double share = (last - start) / ratio;
                bins[first] += _counts[i] * share;
                bins[last] += _counts[i] * (1 - share);
            }
        }
    }

    /// <summary>How many values each bin holds: bin i those of magnitude [i, i + 1) * <see cref="BinWidth"/>.</summary>
    public ReadOnlySpan<long> Counts() => _counts;

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
        for (int i = 1; i < BinCount; i++)
        {
            long count = _counts[i];
            _counts[i] = 0;
            _counts[i >> shift] += count;
        }

        _exponent = exponent;
    }
}
