using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Verification;

/// <summary>Counts how often two models are right by labels.</summary>
internal sealed class LabelledTotals
{
    // Of the normal distribution, for 95%.
    private const double Z = 1.959963984540054;
    private const int FirstFew = 5;

    private int _samples;
    private int _onlyFloat;
    private int _onlyInt8;
    private (int First, int Few) _float;
    private (int First, int Few) _int8;

    /// <summary>Adds a sample.</summary>
    /// <param name="expected">How many scores of the float model stand before that of the label.</param>
    /// <param name="actual">The same of the int8 model.</param>
    public void Add(int expected, int actual)
    {
        _samples++;
        _float = (_float.First + Count(expected == 0), _float.Few + Count(expected < FirstFew));
        _int8 = (_int8.First + Count(actual == 0), _int8.Few + Count(actual < FirstFew));
        _onlyFloat += Count(expected == 0 && actual != 0);
        _onlyInt8 += Count(expected != 0 && actual == 0);
    }

    /// <summary>What all samples together say; null without any.</summary>
    /// <param name="classes">How many classes there are: among five, the right one always is.</param>
    public LabelledAccuracy? Describe(int classes)
    {
        if (_samples == 0)
        {
            return null;
        }

        AccuracyRow top1 = Row("top-1", _float.First, _int8.First);
        return new LabelledAccuracy(_samples, classes > FirstFew ? [top1, Row("top-5", _float.Few, _int8.Few)] : [top1])
        {
            OnlyFloatRight = _onlyFloat,
            OnlyInt8Right = _onlyInt8,
            PValue = McNemar(_onlyFloat, _onlyInt8),
        };
    }

    /// <summary>
    /// The interval of 95% confidence of a share (Wilson, Probable Inference, 1927), which holds near 0 and 1, and for few
    /// samples, too.
    /// </summary>
    public static (double Low, double High) Wilson(int hits, int samples)
    {
        double share = (double)hits / samples;
        double weight = 1 + (Z * Z / samples);
        double middle = (share + (Z * Z / (2.0 * samples))) / weight;
        double half = Z / weight * Math.Sqrt((share * (1 - share) / samples) + (Z * Z / (4.0 * samples * samples)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>
    /// How probable a difference at least as great is if both models are equally good (McNemar's test, exact): twice the tail
    /// of the binomial distribution of the samples on which one alone is right.
    /// </summary>
    public static double McNemar(int onlyFirst, int onlySecond)
    {
        int n = onlyFirst + onlySecond;
        double logChoose = 0;
        double tail = 0;
        for (int k = 0; k <= Math.Min(onlyFirst, onlySecond); k++)
        {
            tail += Math.Exp(logChoose - (n * Math.Log(2)));
            logChoose += Math.Log(n - k) - Math.Log(k + 1);
        }

        return Math.Min(1, 2 * tail);
    }

    private static int Count(bool holds) => holds ? 1 : 0;

    private AccuracyRow Row(string name, int expected, int actual) => new(
        name,
        (double)expected / _samples, Wilson(expected, _samples),
        (double)actual / _samples, Wilson(actual, _samples));
}
