namespace Mnn.Quantize.Verification;

/// <summary>Gathers the differences of one tensor over pictures, in the order of the pictures.</summary>
internal sealed class ErrorTotals
{
    private int _pictures;
    private double _cosines;
    private double _lowest = 1;
    private long _count;
    private long _notComparable;
    private double _absolute;
    private double _squares;
    private double _signal;
    private double _greatest;
    private long _atClamp;
    private long _quantized;

    /// <summary>True if it has seen a picture.</summary>
    public bool HasData => _pictures > 0;

    /// <summary>Adds the next picture.</summary>
    public void Add(in ErrorSums sums)
    {
        _pictures++;
        _cosines += sums.Cosine;
        _lowest = Math.Min(_lowest, sums.Cosine);
        _count += sums.Count;
        _notComparable += sums.NotComparable;
        _absolute += sums.Absolute;
        _squares += sums.Squares;
        _signal += sums.ExpectedSquares;
        _greatest = Math.Max(_greatest, sums.Greatest);
        _atClamp += sums.AtClamp;
        _quantized += sums.Quantized;
    }

    /// <summary>What all pictures together say.</summary>
    public ErrorFigures Figures() => new(
        _pictures == 0 ? 1 : _cosines / _pictures,
        _lowest,
        _count == 0 ? 0 : _absolute / _count,
        _greatest,
        SignalToNoise(),
        _quantized == 0 ? null : (double)_atClamp / _quantized,
        _notComparable);

    private double SignalToNoise() => _notComparable > 0 ? double.NegativeInfinity
        : _squares == 0 ? double.PositiveInfinity
        : 10 * Math.Log10(_signal / _squares);
}
