using System.Globalization;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Data;

/// <summary>Takes one line of numbers.</summary>
/// <param name="line">1-based line in the file.</param>
/// <param name="names">Names of the columns; empty if the file has none.</param>
/// <param name="row">The numbers; valid during the call.</param>
internal delegate void CsvRowHandler(int line, IReadOnlyList<string> names, ReadOnlySpan<float> row);

/// <summary>Numbers separated by commas or semicolons, a line an example; the first line may have names.</summary>
internal static class CsvFile
{
    private static readonly char[] Separators = [',', ';'];

    /// <summary>Reads a file line by line, so that it never is in memory as a whole.</summary>
    /// <param name="file">The file.</param>
    /// <param name="take">Told of each line of numbers; all of them have the same length.</param>
    /// <exception cref="QuantizeException">It can't be read, or a line is malformed.</exception>
    public static void Read(string file, CsvRowHandler take)
    {
        try
        {
            using StreamReader reader = File.OpenText(file);
            Parse(file, reader, take);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, File.Exists(file) ? e.Message : "there is no such file", e);
        }
    }

    private static void Parse(string file, StreamReader reader, CsvRowHandler take)
    {
        float[] row = [];
        string[] names = [];
        bool any = false;
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (row.Length == 0)
            {
                string[] cells = line.Split(Separators);
                row = new float[cells.Length];
                if (!TryNumber(cells[0], out _))
                {
                    names = [.. cells.Select(cell => cell.Trim().Trim('"'))];
                    continue;
                }
            }

            ReadRow(file, number, line, row);
            take(number, names, row);
            any = true;
        }

        if (!any)
        {
            throw Errors.CsvEmpty(file);
        }
    }

    private static void ReadRow(string file, int number, ReadOnlySpan<char> line, float[] row)
    {
        int column = 0;
        foreach (Range range in line.SplitAny(Separators))
        {
            if (column < row.Length && !TryNumber(line[range], out row[column]))
            {
                throw Errors.CsvCell(file, number, column + 1, line[range].ToString());
            }

            column++;
        }

        if (column != row.Length)
        {
            throw Errors.CsvWidth(file, number, column, row.Length);
        }
    }

    private static bool TryNumber(ReadOnlySpan<char> cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
}
