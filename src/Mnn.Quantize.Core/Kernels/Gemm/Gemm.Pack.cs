namespace Mnn.Quantize.Kernels;

internal static partial class Gemm
{
    /// <summary>Columns of a panel: two vectors; the scalar family has a single panel.</summary>
    private static int PanelWidth(int n, SimdLevel level) => level switch
    {
        SimdLevel.Vector512 => 32,
        SimdLevel.Vector256 => 16,
        SimdLevel.Vector128 => 8,
        _ => n,
    };

    /// <summary>
    /// What widths of the last panel are multiples of: one vector; with AVX-512 also half a vector, since 8 and 24
    /// columns are common and have kernels of 256 bits.
    /// </summary>
    private static int LastPanelUnit(SimdLevel level) => level switch
    {
        SimdLevel.Vector512 or SimdLevel.Vector256 => 8,
        SimdLevel.Vector128 => 4,
        _ => 1,
    };

    /// <summary>
    /// First column of the panel whose place is column <paramref name="first"/>: a last panel that would reach beyond n begins
    /// earlier, if it can, and computes some columns again. So its tiles are written to C as they are.
    /// </summary>
    private static int PanelStart(int first, int width, int n) => Math.Max(0, Math.Min(first, n - width));

    private static int PaddedColumns(int n, SimdLevel level)
    {
        int unit = LastPanelUnit(level);
        return checked(n + unit - 1) / unit * unit;
    }

    /// <summary>
    /// Panel after panel; within a panel k rows of its columns. The last panel is as narrow as its kernels allow and begins
    /// where <see cref="PanelStart"/> says; if n is less than its width, the columns beyond n are zero.
    /// </summary>
    private static void Pack(
        ReadOnlySpan<float> b, int ldb, bool transposed, int k, int n, Span<float> packed, SimdLevel level)
    {
        int panel = PanelWidth(n, level);
        int padded = PaddedColumns(n, level);
        for (int first = 0; first < n; first += panel)
        {
            int width = Math.Min(panel, padded - first);
            int start = PanelStart(first, width, n);
            int columns = Math.Min(width, n - start);
            Span<float> target = packed.Slice(first * k, width * k);
            if (transposed)
            {
                PackTransposed(b[(start * ldb)..], ldb, k, columns, width, target);
            }
            else
            {
                PackStraight(b[start..], ldb, k, columns, width, target);
            }
        }
    }

    private static void PackStraight(ReadOnlySpan<float> b, int ldb, int k, int columns, int width, Span<float> target)
    {
        for (int l = 0; l < k; l++)
        {
            Span<float> row = target.Slice(l * width, width);
            b.Slice(l * ldb, columns).CopyTo(row);
            row[columns..].Clear();
        }
    }

    private static unsafe void PackTransposed(
        ReadOnlySpan<float> b, int ldb, int k, int columns, int width, Span<float> target)
    {
        fixed (float* source = b, destination = target)
        {
            float* row = destination;
            for (int l = 0; l < k; l++, row += width)
            {
                float* column = source + l;
                for (int j = 0; j < columns; j++, column += ldb)
                {
                    row[j] = *column;
                }

                for (int j = columns; j < width; j++)
                {
                    row[j] = 0;
                }
            }
        }
    }
}
