using System.Globalization;

namespace Mnn.Quantize.Reporting;

/// <summary>How a cell of a table is shown where colours are.</summary>
public enum CellTone
{
    /// <summary>As any text.</summary>
    Plain,

    /// <summary>To be looked at.</summary>
    Weak,

    /// <summary>Wrong.</summary>
    Bad,
}

/// <summary>One column of a table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="AlignsRight">Whether its cells stand at the right, as numbers do.</param>
/// <param name="MayShrink">Whether its texts may lose their beginning where the terminal is narrow.</param>
public sealed record TableColumn(string Header, bool AlignsRight = true, bool MayShrink = false);

/// <summary>A table of plain text. Names lose their beginning, which is what they share, where the line would be too long.</summary>
/// <param name="columns">The columns.</param>
public sealed class TextTable(params TableColumn[] columns)
{
    private const string Gap = "  ";
    private const int LeastWidth = 12;
    private const char Ellipsis = '…';

    private readonly List<(string Text, CellTone Tone)[]> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A text a column.</param>
    public void Add(params string[] cells) => Add([.. cells.Select(c => (c, CellTone.Plain))]);

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A text a column, and how to show it.</param>
    public void Add(params (string Text, CellTone Tone)[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, columns.Length);
        _rows.Add(cells);
    }

    /// <summary>Writes heading and rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal; the greatest integer where there is no limit.</param>
    /// <param name="colors">Whether tones are shown with colours.</param>
    public void Write(TextWriter writer, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int[] widths = Widths(width);
        WriteLine(writer, [.. columns.Select(c => (c.Header, CellTone.Plain))], widths, colors ? "\e[1m" : "");
        foreach ((string Text, CellTone Tone)[] row in _rows)
        {
            WriteLine(writer, row, widths, colors ? null : "");
        }
    }

    /// <summary>A number with a fixed count of decimals; a dash for none, "inf" for infinity, "nan" for no number.</summary>
    /// <param name="value">The number, or null.</param>
    /// <param name="format">A .NET number format.</param>
    public static string Number(double? value, string format) => value switch
    {
        null => "-",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        double.NaN => "nan",
        { } number => number.ToString(format, CultureInfo.InvariantCulture),
    };

    private int[] Widths(int limit)
    {
        int[] widths = [.. columns.Select((c, i) => _rows.Select(r => r[i].Text.Length).Append(c.Header.Length).Max())];
        long excess = widths.Sum(w => (long)w) + (Gap.Length * (columns.Length - 1)) - limit;
        for (; excess > 0; excess--)
        {
            // The widest gives way first, a character at a time.
            int widest = -1;
            for (int i = 0; i < widths.Length; i++)
            {
                bool may = columns[i].MayShrink && widths[i] > Math.Max(LeastWidth, columns[i].Header.Length);
                widest = may && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
            }

            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    // With style null each cell has the colour of its tone.
    private void WriteLine(TextWriter writer, (string Text, CellTone Tone)[] cells, int[] widths, string? style)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            string text = cells[i].Text;
            text = text.Length > widths[i] ? Ellipsis + text[^(widths[i] - 1)..] : text;
            string before = style ?? Color(cells[i].Tone);
            bool isLast = i == cells.Length - 1;
            string padded = columns[i].AlignsRight ? text.PadLeft(widths[i]) : isLast ? text : text.PadRight(widths[i]);
            writer.Write(before + padded + (before.Length > 0 ? "\e[0m" : "") + (isLast ? "" : Gap));
        }

        writer.WriteLine();
    }

    private static string Color(CellTone tone) => tone switch
    {
        CellTone.Weak => "\e[33m",
        CellTone.Bad => "\e[31m",
        _ => "",
    };
}
