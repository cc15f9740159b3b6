namespace Mnn.Quantize.Calibration;

/// <summary>
/// Number, sum and sum of squares of all values below a magnitude, from a histogram, in units of a bin. A bin that an
/// edge divides counts as evenly filled.
/// </summary>
/// <remarks>Up to 2^53 / 2^28 values a tensor the sums at the bins' edges are exact but for half bins.</remarks>
internal sealed class MagnitudeSums
{
    // A bin's values as if spread evenly over it: their squares exceed the middle's by a twelfth.
    private const double Spread = 1.0 / 12;

    private readonly double[] _count;
    private readonly double[] _sum;
    private readonly double[] _squares;

    /// <summary>Adds up.</summary>
    /// <param name="counts">How many values each bin holds: bin i those of magnitude [i, i + 1).</param>
    public MagnitudeSums(ReadOnlySpan<long> counts)
    {
        _count = new double[counts.Length + 1];
        _sum = new double[counts.Length + 1];
        _squares = new double[counts.Length + 1];
        for (int i = 0; i < counts.Length; i++)
        {
            double middle = i + 0.5;
            _count[i + 1] = _count[i] + counts[i];
            _sum[i + 1] = _sum[i] + (counts[i] * middle);
            _squares[i + 1] = _squares[i] + (counts[i] * ((middle * middle) + Spread));
        }
    }

    /// <summary>Number of bins; the unit of magnitudes is the width of one.</summary>
    public int Bins => _count.Length - 1;

    /// <summary>Number of all values.</summary>
    public double Total => _count[^1];

    /// <summary>The smallest edge of a bin beyond which at most so many values lie.</summary>
    public int EdgeBefore(double beyond)
    {
        int bin = _count.Length - 1;
        while (bin > 0 && Total - _count[bin - 1] <= beyond)
        {
            bin--;
        }

        return bin;
    }

    /// <summary>The sums over all values below <paramref name="magnitude"/>, 0 or more.</summary>
    public (double Count, double Sum, double Squares) Below(double magnitude)
    {
        int last = _count.Length - 1;
        if (magnitude >= last)
        {
            return (_count[last], _sum[last], _squares[last]);
        }

        int bin = (int)magnitude;
        double share = magnitude - bin;
        double inBin = (_count[bin + 1] - _count[bin]) * share;
        double middle = bin + (share / 2);
        return (
            _count[bin] + inBin,
            _sum[bin] + (inBin * middle),
            _squares[bin] + (inBin * ((middle * middle) + (share * share * Spread))));
    }

    /// <summary>The squared error of rounding all values to multiples of a step.</summary>
    /// <param name="step">In bins, positive.</param>
    /// <param name="levels">Greatest multiple, 0 or more; what is beyond becomes this one.</param>
    public double SquaredError(double step, int levels)
    {
        double error = 0;
        (double fromCount, double fromSum, double fromSquares) = (0, 0, 0);
        for (int level = 0; level <= levels; level++)
        {
            double edge = level == levels ? double.PositiveInfinity : (level + 0.5) * step;
            (double toCount, double toSum, double toSquares) = Below(edge);
            double value = level * step;
            error += toSquares - fromSquares - (2 * value * (toSum - fromSum)) + (value * value * (toCount - fromCount));
            (fromCount, fromSum, fromSquares) = (toCount, toSum, toSquares);
            if (toCount == Total)
            {
                break;
            }
        }

        return error;
    }
}
