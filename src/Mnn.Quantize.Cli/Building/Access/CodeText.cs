using System.Globalization;
using System.Text;

namespace Mnn.Quantize.Cli.Building.Access;

/// <summary>C# text with its indentation.</summary>
internal sealed class CodeText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public override string ToString() => _text.ToString();

    /// <summary>A string literal.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    internal void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(text);
        }

        _text.Append('\n');
    }

    internal void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    internal void Close()
    {
        _depth--;
        Line("}");
    }

    internal void CloseAll()
    {
        while (_depth > 0)
        {
            Close();
        }
    }

    internal void Summary(string text) => Line(
        "/// <summary>" + text
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal) + "</summary>");

    internal void Constant(string type, string name, string value, string summary)
    {
        Summary(summary);
        Line($"public const {type} {name} = {value};");
    }

    internal void List(string type, string name, IEnumerable<string> elements)
    {
        string[] all = [.. elements];
        string content = all.Length > 0 ? $" {string.Join(", ", all)} " : " ";
        Line(
            $"public static global::System.Collections.Generic.IReadOnlyList<{type}> {name} {{ get; }} = " +
            $"new {type}[] {{{content}}};");
    }
}
