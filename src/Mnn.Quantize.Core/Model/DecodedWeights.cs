namespace Mnn.Quantize.Model;

/// <summary>
/// Quantized weights as numbers: weight = value * scale + offset. The values fall into as many equal runs as there are
/// scales: one run an output channel, or several where a channel is quantized in blocks.
/// </summary>
public sealed class DecodedWeights
{
    internal DecodedWeights(sbyte[] values, float[] scales, float[]? offsets)
    {
        Values = values;
        Scales = scales;
        Offsets = offsets;
    }

    /// <summary>The values: [output channels, weights a channel].</summary>
    public sbyte[] Values { get; }

    /// <summary>The scale of each run: [output channels * blocks]. Its length divides that of <see cref="Values"/>.</summary>
    public float[] Scales { get; }

    /// <summary>
    /// What is added to each weight of a run: [output channels * blocks]; null if the weights are symmetric, where it is
    /// zero. The file's minima stand for the lowest value; these stand for value 0.
    /// </summary>
    public float[]? Offsets { get; }

    /// <summary>The weights as floats: [output channels, weights a channel].</summary>
    /// <returns>A new array.</returns>
    public float[] ToFloat()
    {
        var weights = new float[Values.Length];
        int run = Scales.Length == 0 ? 0 : Values.Length / Scales.Length;
        for (int i = 0; i < Scales.Length; i++)
        {
            float scale = Scales[i];
            float offset = Offsets is null ? 0f : Offsets[i];
            ReadOnlySpan<sbyte> source = Values.AsSpan(i * run, run);
            Span<float> target = weights.AsSpan(i * run, run);
            for (int j = 0; j < run; j++)
            {
                target[j] = (source[j] * scale) + offset;
            }
        }

        return weights;
    }
}
