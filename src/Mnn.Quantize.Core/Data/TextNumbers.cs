using System.Globalization;
using System.Text;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Data;

/// <summary>Numbers in text, as the reference's tools write them: separated by white space, commas or semicolons.</summary>
public static class TextNumbers
{
    private const int LongestShown = 24;

    /// <summary>Reads all numbers.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <returns>The numbers, in the file's order.</returns>
    /// <exception cref="QuantizeException">MNNQ3512: something in it is no finite number, or there is none at all.</exception>
    public static double[] Read(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        var numbers = new List<double>();
        int line = 1;
        int at = 0;
        while (at < utf8.Length)
        {
            if (IsSeparator(utf8[at]))
            {
                line += utf8[at] == '\n' ? 1 : 0;
                at++;
                continue;
            }

            int end = at;
            while (end < utf8.Length && !IsSeparator(utf8[end]))
            {
                end++;
            }

            ReadOnlySpan<byte> word = utf8[at..end];
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !float.IsFinite((float)number))
            {
                throw Errors.TextNotANumber(
                    file, line, Encoding.UTF8.GetString(word.Length > LongestShown ? word[..LongestShown] : word));
            }

            numbers.Add(number);
            at = end;
        }

        return numbers.Count > 0 ? [.. numbers] : throw Errors.TextNotANumber(file, line, "");
    }

    private static bool IsSeparator(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)';';
}
