using System.Globalization;
using System.Text;

namespace Mnn.Quantize.Diagnostics;

/// <summary>How grave a <see cref="Diagnostic"/> is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The run goes on; the user should know.</summary>
    Warning,

    /// <summary>The run ends without output.</summary>
    Error,
}

/// <summary>One message to the user, in the canonical form that MSBuild, editors and CI systems recognise.</summary>
/// <param name="Severity">Warning or error.</param>
/// <param name="Code">The number after <c>MNNQ</c>, 1000 to 9999.</param>
/// <param name="Message">What is wrong and what to do, one line.</param>
/// <param name="File">The file it is about, or null.</param>
/// <param name="Line">1-based line in <paramref name="File"/>, or 0.</param>
/// <param name="Column">1-based column, or 0.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity,
    int Code,
    string Message,
    string? File = null,
    int Line = 0,
    int Column = 0)
{
    /// <summary>The code as users see it, such as <c>MNNQ1203</c>.</summary>
    public string CodeText => string.Create(CultureInfo.InvariantCulture, $"MNNQ{Code:0000}");

    /// <summary>The canonical line: <c>file(line,column): error MNNQ####: message</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File ?? "mnn-quantize");
        if (File is not null && Line > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"({Line},{Math.Max(1, Column)})");
        }

        text.Append(Severity == DiagnosticSeverity.Error ? ": error " : ": warning ").Append(CodeText).Append(": ");
        foreach (char c in Message)
        {
            text.Append(char.IsControl(c) ? ' ' : c);
        }

        return text.ToString();
    }
}
