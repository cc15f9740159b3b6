namespace Mnn.Quantize.Verification;

/// <summary>Whether two models choose the same class.</summary>
internal static class TopRank
{
    /// <summary>
    /// How many elements of <paramref name="actual"/> stand before the one that is greatest in
    /// <paramref name="expected"/>: 0 means the same first choice. Of equals the first counts as greater, NaN as least.
    /// </summary>
    /// <param name="expected">Scores of one model.</param>
    /// <param name="actual">Scores of the other.</param>
    /// <returns>0 to the length less 1; <see cref="int.MaxValue"/> if the lengths differ or the element is NaN.</returns>
    public static int Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        int best = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!float.IsNaN(expected[i]) && (best < 0 || expected[i] > expected[best]))
            {
                best = i;
            }
        }

        if (best < 0 || expected.Length != actual.Length || float.IsNaN(actual[best]))
        {
            return int.MaxValue;
        }

        int rank = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            rank += actual[i] > actual[best] || (actual[i] == actual[best] && i < best) ? 1 : 0;
        }

        return rank;
    }
}
