namespace Mnn.Quantize.Verification;

/// <summary>How far one tensor of a model is from the same tensor of another, over all pictures.</summary>
/// <param name="Cosine">Mean over pictures of a.b / (|a| |b|), -1 to 1; 1 where both are zero.</param>
/// <param name="LowestCosine">The least of them.</param>
/// <param name="MeanError">Mean magnitude of the difference, over all elements of all pictures.</param>
/// <param name="MaxError">Greatest magnitude of the difference; infinity where only one of the two is finite.</param>
/// <param name="SignalToNoise">
/// 10 log10 of the sum of squares of the expected values over that of the differences, in dB: infinity without any
/// difference, minus infinity where the expected values are all zero and the others are not.
/// </param>
/// <param name="Overflow">
/// Share of elements at the end of the int8 range, 0 to 1, where what lies beyond is cut off; null for a tensor without
/// scale. An end that stands for 0 is not counted: it cuts nothing that ReLU wouldn't.
/// </param>
/// <param name="NotComparable">Elements that are finite in one model only, or that only one of them has.</param>
public sealed record ErrorFigures(
    double Cosine,
    double LowestCosine,
    double MeanError,
    double MaxError,
    double SignalToNoise,
    double? Overflow,
    long NotComparable);
