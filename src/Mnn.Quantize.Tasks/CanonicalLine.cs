using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>A diagnostic that the command has printed: <c>file(line,column): error MNNQ1234: text</c>.</summary>
/// <remarks>MSBuild would read it too, but without keyword and help link, and with guesses about other tools' forms.</remarks>
internal sealed class CanonicalLine
{
    private static readonly Regex s_form = new(
        @"^(?<file>.+?)(\((?<line>\d+),(?<column>\d+)\))?: (?<severity>error|warning) (?<code>MNNQ\d{4}): (?<text>.*)$",
        RegexOptions.CultureInvariant);

    private readonly Match _match;

    private CanonicalLine(Match match) => _match = match;

    /// <returns>Null if the line is something else.</returns>
    internal static CanonicalLine? TryParse(string line) => s_form.Match(line) is { Success: true } match ? new(match) : null;

    internal void Log(TaskLoggingHelper log)
    {
        string code = Part("code");
        if (Part("severity") == "error")
        {
            log.LogError(null, code, code, ErrorPage.LinkFor(code), Part("file"), Number("line"), Number("column"), 0, 0, "{0}", Part("text"));
        }
        else
        {
            log.LogWarning(null, code, code, ErrorPage.LinkFor(code), Part("file"), Number("line"), Number("column"), 0, 0, "{0}", Part("text"));
        }
    }

    private string Part(string name) => _match.Groups[name].Value;

    private int Number(string name) => int.TryParse(Part(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
}
