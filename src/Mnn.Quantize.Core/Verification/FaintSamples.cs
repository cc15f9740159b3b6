using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Samples to which a model answers with next to nothing, such as a picture without a person to one that finds persons. The
/// direction of such an output, which a cosine compares, means little, and rounding turns it easily.
/// </summary>
internal static class FaintSamples
{
    // A thousandth is a quarter of an int8 level of the greatest value.
    private const double Share = 1e-3;

    /// <summary>Counts them: no element of any output reaches a thousandth of the output's greatest on all samples.</summary>
    /// <param name="outputs">The float model's outputs, a list a sample.</param>
    public static int Count(IReadOnlyList<IReadOnlyList<TensorValue>> outputs)
    {
        double[][] peaks = [.. outputs.Select(o => o.Select(Peak).ToArray())];
        double Greatest(int output) => peaks.Max(p => p[output]);
        double[] greatest = peaks.Length == 0 ? [] : [.. Enumerable.Range(0, peaks[0].Length).Select(Greatest)];
        return peaks.Count(p => p.Length > 0 && p.Select((peak, output) => peak < Share * greatest[output]).All(f => f));
    }

    private static double Peak(TensorValue value) =>
        value.Type == ElementType.Float32 ? value.Floats.Select(x => (double)Math.Abs(x)).DefaultIfEmpty(0).Max() : 0;
}
