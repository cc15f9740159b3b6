namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>Which output positions of a layer are looked at: few of a large picture, spread evenly and not in rows or columns.</summary>
internal static class PatchPositions
{
    // Multiples of it modulo 1 fill an interval evenly, however many are taken.
    private const double GoldenRatio = 0.61803398874989484;

    /// <summary>Chooses positions.</summary>
    /// <param name="count">Positions that there are.</param>
    /// <param name="most">Most to choose, at least 1.</param>
    /// <param name="sample">The sample's number: each one gets others.</param>
    public static int[] Choose(int count, int most, int sample)
    {
        if (count <= most)
        {
            return [.. Enumerable.Range(0, count)];
        }

        int[] chosen = new int[most];
        for (int i = 0; i < most; i++)
        {
            double share = (((long)sample * most) + i) * GoldenRatio;
            chosen[i] = Math.Min(count - 1, (int)((share - Math.Floor(share)) * count));
        }

        return chosen;
    }
}
