namespace Mnn.Quantize.Imaging.Png;

/// <summary>Undoes the five row filters (W3C PNG, section 9), in place.</summary>
internal static partial class PngFilter
{
    /// <summary>Undoes one row's filter.</summary>
    /// <param name="filter">The row's filter byte.</param>
    /// <param name="row">The row, filtered on entry, raw on return.</param>
    /// <param name="above">The raw row above; zeros for the first row of a pass.</param>
    /// <param name="distance">Bytes to the sample on the left.</param>
    /// <returns>False if there is no such filter.</returns>
    internal static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        int done = filter switch
        {
            1 => ByPixels<LeftPredictor>(row, above, distance),
            2 => ByVectors(row, above),
            3 => ByPixels<AveragePredictor>(row, above, distance),
            4 => ByPixels<PaethPredictor>(row, above, distance),
            _ => 0,
        };
        return UndoScalar(filter, row, above, distance, done);
    }

    /// <summary>The same as <see cref="Undo"/>, a byte at a time, for what is not done yet.</summary>
    /// <param name="filter">The row's filter byte.</param>
    /// <param name="row">The row, raw before the byte <paramref name="done"/>, filtered from there on; raw on return.</param>
    /// <param name="above">The raw row above.</param>
    /// <param name="distance">Bytes to the sample on the left.</param>
    /// <param name="done">Bytes that are raw already.</param>
    internal static bool UndoScalar(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance, int done = 0)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                Left(row, distance, done);
                return true;
            case 2:
                Up(row, above, done);
                return true;
            case 3:
                Average(row, above, distance, done);
                return true;
            case 4:
                Paeth(row, above, distance, done);
                return true;
            default:
                return false;
        }
    }

    // From the byte 'start' on; those before it are raw already.
    private static void Left(Span<byte> row, int distance, int start)
    {
        for (int i = Math.Max(start, distance); i < row.Length; i++)
        {
            row[i] += row[i - distance];
        }
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above, int start)
    {
        for (int i = start; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above, int distance, int start)
    {
        for (int i = start; i < Math.Min(distance, row.Length); i++)
        {
            row[i] += (byte)(above[i] >> 1);
        }

        for (int i = Math.Max(start, distance); i < row.Length; i++)
        {
            row[i] += (byte)((above[i] + row[i - distance]) >> 1);
        }
    }

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int distance, int start)
    {
        // With nothing on the left, the predictor is what is above.
        for (int i = start; i < Math.Min(distance, row.Length); i++)
        {
            row[i] += above[i];
        }

        for (int i = Math.Max(start, distance); i < row.Length; i++)
        {
            int left = row[i - distance];
            int up = above[i];
            int corner = above[i - distance];

            // The estimate is left + up - corner; its distance to left is |up - corner|, and so on.
            int toLeft = Math.Abs(up - corner);
            int toUp = Math.Abs(left - corner);
            int toCorner = Math.Abs(left + up - (2 * corner));
            int best = toUp <= toCorner ? up : corner;
            row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : best);
        }
    }
}
