namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>Which weights have not their nearest level but the next one on their other side: a bit a weight, the lowest first.</summary>
internal static class RoundingBits
{
    /// <summary>Compares levels with the nearest ones.</summary>
    /// <param name="nearest">The weights, each rounded to the nearest level.</param>
    /// <param name="levels">The levels that they have.</param>
    /// <returns>Null if all are the nearest.</returns>
    public static byte[]? Of(RoundedWeights nearest, ReadOnlySpan<sbyte> levels)
    {
        if (levels.SequenceEqual(nearest.Levels))
        {
            return null;
        }

        byte[] bits = new byte[(levels.Length + 7) / 8];
        for (int i = 0; i < levels.Length; i++)
        {
            bits[i / 8] |= (byte)(levels[i] != nearest.Levels[i] ? 1 << (i % 8) : 0);
        }

        return bits;
    }

    /// <summary>Gives the marked weights their other levels.</summary>
    /// <param name="bits">What <see cref="Of"/> said.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="nearest">The same rounded to the nearest level; changed.</param>
    /// <param name="limit">Greatest level.</param>
    /// <exception cref="ArgumentException">There is not a bit for each weight.</exception>
    public static void Apply(ReadOnlySpan<byte> bits, ReadOnlySpan<float> weights, RoundedWeights nearest, int limit)
    {
        if (bits.Length != (weights.Length + 7) / 8)
        {
            throw new ArgumentException("There is not a bit for each weight.", nameof(bits));
        }

        int perScale = weights.Length / nearest.Scales.Length;
        for (int i = 0; i < weights.Length; i++)
        {
            if ((bits[i / 8] >> (i % 8) & 1) != 0)
            {
                nearest.Levels[i] = (sbyte)LayerRounder.OtherLevel(weights[i], nearest.Levels[i], nearest.Scales[i / perScale], limit);
            }
        }
    }
}
