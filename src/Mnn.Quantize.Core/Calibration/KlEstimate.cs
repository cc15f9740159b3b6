using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Divergences of thresholds as <see cref="KlDivergence"/> has them, at a fifth of the time: logarithms are those of single
/// precision. Most thresholds are so much worse than the best that this rules them out.
/// </summary>
/// <remarks>
/// The error. Masses P, from prefix sums, and the Q of a bin are off by some 1e-16 of the total; where P is as much as Q stands for
/// this moves the divergence by less than 1e-12, and the last level, whose P has the tail too, has its Q of sums that cancel
/// nothing. A Q lies between 1e-7 and 2^53, so that its logarithm is below 64 and its unit in the last place at most
/// 2^-18; rounding Q to single precision moves it by 2^-24 more. The divergence is the mean of these logarithms, weighted with P,
/// hence off by at most the sum of both, less than 2^-17.
/// </remarks>
internal sealed class KlEstimate
{
    /// <summary>No estimate is farther than this from the divergence that <see cref="KlDivergence.Of"/> computes.</summary>
    public const double Error = 1.0 / (1 << 17);

    private const int Levels = KlThreshold.Levels;
    private const int LevelBits = 7;

    private KlDivergence _exact = new();

    // [Bins + 1]: mass of all bins below this one.
    private readonly double[] _mass = new double[KlThreshold.Bins + 1];

    // [1 + Bins]: nothing, then each bin's mass.
    private readonly double[] _bins = new double[1 + KlThreshold.Bins];

    // At each edge between two levels, [Levels + 1]: the mass of the whole bins below it, the mass of the bin that it divides (0
    // where it is a bin's edge too), and the 128ths of that bin below it.
    private readonly double[] _whole = new double[Levels + 1];
    private readonly double[] _divided = new double[Levels + 1];
    private readonly double[] _share = new double[Levels + 1];

    // First a Q that stands before the first level's and weighs nothing; then each level's.
    private readonly double[] _q = new double[1 + Levels];

    // Levels, then divided bins.
    private readonly double[] _p = new double[2 * Levels];
    private readonly float[] _logQ = new float[2 * Levels];

    /// <summary>Makes what another object has taken the distribution whose divergences are wanted.</summary>
    /// <param name="exact">The same distribution's divergences.</param>
    public void Take(KlDivergence exact)
    {
        _exact = exact;
        _q[0] = 1;
        for (int i = 0; i < KlThreshold.Bins; i++)
        {
            _mass[i + 1] = exact.Mass(0, i + 1);
            _bins[1 + i] = exact.Mass(i, i + 1);
        }
    }

    /// <summary>The divergence with so many bins kept, give or take <see cref="Error"/>.</summary>
    /// <param name="kept">128 to 2,047.</param>
    public double Of(int kept)
    {
        Edges(kept);
        Masses((double)Levels / kept);

        // The last level's P is more than its bins: it carries the tail, and deserves a Q without cancellation.
        _p[Levels - 1] += _exact.Mass(kept, KlThreshold.Bins);
        _q[Levels] = _exact.LastLevel(kept).Q;
        RoundQ();
        Elementwise.Unary(default(UnaryOperators.Log), _logQ, _logQ);
        return (_exact.Own(kept) - Dot(_p, _logQ)) / _exact.Total;
    }

    // Level l ends at bin (l + 1) kept / 128, which is at most Bins - 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Edges(int kept)
    {
        ref double mass = ref MemoryMarshal.GetArrayDataReference(_mass);
        ref double bins = ref MemoryMarshal.GetArrayDataReference(_bins);
        ref double whole = ref MemoryMarshal.GetArrayDataReference(_whole);
        ref double divided = ref MemoryMarshal.GetArrayDataReference(_divided);
        ref double share = ref MemoryMarshal.GetArrayDataReference(_share);
        nint end = 0;
        for (nint edge = 1; edge <= Levels; edge++)
        {
            end += kept;
            (nint bin, nint rest) = (end >> LevelBits, end & (Levels - 1));

            // Without a branch, which nothing predicts: place 0 where nothing is divided.
            Unsafe.Add(ref divided, edge) = Unsafe.Add(ref bins, (1 + bin) & (-rest >> LevelBits));
            Unsafe.Add(ref whole, edge) = Unsafe.Add(ref mass, bin);
            Unsafe.Add(ref share, edge) = rest;
        }
    }

    // Each level's P over its whole bins and its Q; and for each divided bin P and Q, which its two levels give it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Masses(double perBin)
    {
        ref double whole = ref MemoryMarshal.GetArrayDataReference(_whole);
        ref double divided = ref MemoryMarshal.GetArrayDataReference(_divided);
        ref double share = ref MemoryMarshal.GetArrayDataReference(_share);
        ref double q = ref MemoryMarshal.GetArrayDataReference(_q);
        ref double p = ref MemoryMarshal.GetArrayDataReference(_p);
        var least = new Vector<double>(KlThreshold.InitialCount);
        for (nuint i = 0; i < Levels; i += (nuint)Vector<double>.Count)
        {
            Vector<double> start = Vector.LoadUnsafe(ref divided, i);
            Vector<double> end = Vector.LoadUnsafe(ref divided, i + 1);
            Vector<double> inside = Vector.LoadUnsafe(ref whole, i + 1) - Vector.LoadUnsafe(ref whole, i);
            Vector<double> atEnds = (end * Vector.LoadUnsafe(ref share, i + 1)) - (start * Vector.LoadUnsafe(ref share, i));

            // Where nothing but initial counts is in a level, they may be lost in rounding.
            Vector.MaxNative((inside + (atEnds * (1.0 / Levels))) * perBin, least).StoreUnsafe(ref q, i + 1);
            (inside - start).StoreUnsafe(ref p, i);
            start.StoreUnsafe(ref p, i + Levels);
        }
    }

    private void RoundQ()
    {
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(_logQ.AsSpan());
        Span<Vector<float>> atEdges = results[(results.Length / 2)..];
        for (int i = 0; i < atEdges.Length; i++)
        {
            int at = 2 * i * Vector<double>.Count;
            results[i] = Vector.Narrow(LevelQ(at), LevelQ(at + Vector<double>.Count));
            atEdges[i] = Vector.Narrow(DividedQ(at), DividedQ(at + Vector<double>.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<double> LevelQ(int level) => Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_q), (nuint)level + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<double> DividedQ(int edge)
    {
        Vector<double> below = Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_q), (nuint)edge);
        Vector<double> share = Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_share), (nuint)edge);
        Vector<double> above = LevelQ(edge);
        return above + (share * (1.0 / Levels) * (below - above));
    }

    // Four sums, since an addition has to wait for the one before it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(double[] p, float[] logs)
    {
        ReadOnlySpan<Vector<double>> weights = MemoryMarshal.Cast<double, Vector<double>>(p);
        ReadOnlySpan<Vector<float>> values = MemoryMarshal.Cast<float, Vector<float>>(logs);
        (Vector<double> a, Vector<double> b, Vector<double> c, Vector<double> d) = (default, default, default, default);
        for (int i = 0; i + 1 < values.Length; i += 2)
        {
            Vector.Widen(values[i], out Vector<double> low, out Vector<double> high);
            Vector.Widen(values[i + 1], out Vector<double> nextLow, out Vector<double> nextHigh);
            a += weights[2 * i] * low;
            b += weights[(2 * i) + 1] * high;
            c += weights[(2 * i) + 2] * nextLow;
            d += weights[(2 * i) + 3] * nextHigh;
        }

        return Vector.Sum((a + b) + (c + d));
    }
}
