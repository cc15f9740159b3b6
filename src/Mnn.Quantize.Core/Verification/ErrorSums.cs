using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>
/// The difference of one tensor on one picture, summed from first to last in double precision. Elements that are the
/// same in both count as equal, be they infinite or NaN; where only one is finite, the pair is not comparable.
/// </summary>
/// <param name="Count">Comparable elements.</param>
/// <param name="NotComparable">The others.</param>
/// <param name="Dot">Sum of a * b.</param>
/// <param name="ExpectedSquares">Sum of a * a.</param>
/// <param name="ActualSquares">Sum of b * b.</param>
/// <param name="Absolute">Sum of |a - b|.</param>
/// <param name="Squares">Sum of (a - b) squared.</param>
/// <param name="Greatest">Greatest |a - b|.</param>
internal readonly record struct ErrorSums(
    long Count,
    long NotComparable,
    double Dot,
    double ExpectedSquares,
    double ActualSquares,
    double Absolute,
    double Squares,
    double Greatest)
{
    /// <summary>Elements at an end of the int8 range.</summary>
    public long AtClamp { get; init; }

    /// <summary>Elements that have such a range.</summary>
    public long Quantized { get; init; }

    /// <summary>
    /// a.b / (|a| |b|); 1 if both are zero, 0 if one is, and 0 if anything is not comparable: a tensor with a NaN is like
    /// nothing.
    /// </summary>
    public double Cosine
    {
        get
        {
            if (NotComparable > 0 || (ExpectedSquares == 0) != (ActualSquares == 0))
            {
                return 0;
            }

            // Rounding may leave a hair more than 1.
            return ExpectedSquares == 0 ? 1 : Math.Clamp(Dot / Math.Sqrt(ExpectedSquares) / Math.Sqrt(ActualSquares), -1, 1);
        }
    }

    /// <summary>Compares two tensors, whatever the type of their elements.</summary>
    /// <param name="expected">What should be there.</param>
    /// <param name="actual">What is there.</param>
    public static ErrorSums Of(TensorValue expected, TensorValue actual) => Of(Floats(expected), Floats(actual));

    /// <summary>Compares two tensors in the same order of elements.</summary>
    /// <param name="expected">What should be there.</param>
    /// <param name="actual">What is there; with another length nothing is comparable.</param>
    public static ErrorSums Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
        {
            return new ErrorSums(0, Math.Max(expected.Length, actual.Length), 0, 0, 0, 0, 0, double.PositiveInfinity);
        }

        (long apart, double dot, double aa, double bb, double absolute, double squares, double greatest) = (0, 0, 0, 0, 0, 0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            double a = expected[i];
            double b = actual[i];
            double difference = Math.Abs(a - b);
            if (!double.IsFinite(difference))
            {
                if (!a.Equals(b))
                {
                    apart++;
                    greatest = double.PositiveInfinity;
                }

                continue;
            }

            dot += a * b;
            aa += a * a;
            bb += b * b;
            absolute += difference;
            squares += difference * difference;
            greatest = Math.Max(greatest, difference);
        }

        return new ErrorSums(expected.Length - apart, apart, dot, aa, bb, absolute, squares, greatest);
    }

    private static float[] Floats(TensorValue value) =>
        value.Type == ElementType.Float32 ? value.Floats : Array.ConvertAll(value.Ints, i => (float)i);
}
