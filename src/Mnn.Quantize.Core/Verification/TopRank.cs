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

        return best < 0 || expected.Length != actual.Length ? int.MaxValue : Of(best, actual);
    }

    /// <summary>How many elements stand before one of them. Of equals the first counts as greater.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="scores">Scores of a model.</param>
    /// <returns>0 to the length less 1; <see cref="int.MaxValue"/> if the element is NaN or not there.</returns>
    public static int Of(int place, ReadOnlySpan<float> scores)
    {
        if (place < 0 || place >= scores.Length || float.IsNaN(scores[place]))
        {
            return int.MaxValue;
        }

        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            rank += scores[i] > scores[place] || (scores[i] == scores[place] && i < place) ? 1 : 0;
        }

        return rank;
    }
}
