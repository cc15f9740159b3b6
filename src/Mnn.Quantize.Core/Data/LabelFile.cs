using System.Globalization;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Data;

/// <summary>One line of a file of labels.</summary>
/// <param name="Name">Name of the example, as written.</param>
/// <param name="Label">Its class, from 0.</param>
/// <param name="Line">1-based line.</param>
internal readonly record struct LabelLine(string Name, int Label, int Line);

/// <summary>Files of lines <c>NAME LABEL</c>, as MNN's training tools read them. Empty lines do not count.</summary>
internal static class LabelFile
{
    private static readonly char[] Separators = [' ', '\t'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="QuantizeException">It can't be read, or a line is malformed.</exception>
    public static List<LabelLine> Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.LabelsUnreadable(file, File.Exists(file) ? e.Message : "there is no such file", e);
        }

        var labels = new List<LabelLine>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length > 0)
            {
                labels.Add(Parse(file, i + 1, line));
            }
        }

        return labels.Count > 0 ? labels : throw Errors.LabelsUnreadable(file, "it is empty");
    }

    // A name may have spaces in it; the label is what follows the last one.
    private static LabelLine Parse(string file, int number, string line)
    {
        int split = line.LastIndexOfAny(Separators);
        return split > 0
            && int.TryParse(line.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int label)
            ? new LabelLine(line[..split].Trim(), label, number)
            : throw Errors.LabelLine(file, number, line);
    }
}
