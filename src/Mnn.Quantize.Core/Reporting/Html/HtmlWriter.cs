using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>
/// Writes HTML of interpolated strings: what stands in the source is markup, what is put in is text and escaped. So no
/// name in a model can become markup.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with texts in it.</summary>
    public HtmlWriter Write([InterpolatedStringHandlerArgument("")] ref Handler html)
    {
        _ = html;
        return this;
    }

    /// <summary>Appends markup that this program made.</summary>
    public HtmlWriter Write(Markup markup)
    {
        _text.Append(markup.Text);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Escapes a text for content and for attributes in either kind of quotes; control characters become spaces.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(char.IsControl(c) && c != '\n' ? ' ' : c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        /// <summary>Called by the compiler.</summary>
        public Handler(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _ = (literalLength, formattedCount);
            _text = writer._text;
        }

        /// <summary>Markup.</summary>
        public void AppendLiteral(string markup) => _text.Append(markup);

        /// <summary>Text.</summary>
        public void AppendFormatted(string? text) => _text.Append(Escape(text ?? ""));

        /// <summary>Markup.</summary>
        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        /// <summary>A number.</summary>
        public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>A number.</summary>
        public void AppendFormatted(double number, string format) =>
            _text.Append(number.ToString(format, CultureInfo.InvariantCulture));
    }
}

/// <summary>HTML or SVG that needs no escaping, since this program made it of numbers or of its own files.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Markup(string Text);
