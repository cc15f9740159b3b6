using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>
/// The report as one HTML file that needs nothing else: style, script, drawings and pictures are in it, and a content
/// security policy forbids it to load anything or to run any other script. Without JavaScript all tables are there; with
/// it layers can be sorted, filtered and opened.
/// </summary>
public static class HtmlReport
{
    private const string StyleFile = "report.css";
    private const string ScriptFile = "report.js";

    /// <summary>Writes the page.</summary>
    /// <param name="report">What to show.</param>
    /// <returns>UTF-8; the same bytes for the same report.</returns>
    public static byte[] Write(ModelReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string script = Resource(ScriptFile);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var html = new HtmlWriter();
        html.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{new Markup(hash)}'; base-uri 'none'; form-action 'none'">
            <meta name="color-scheme" content="light dark">
            <title>{report.Int8}: quantization report</title>
            <style>{new Markup(Resource(StyleFile))}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>

            """);
        Header(html, report);
        html.Write($"<main id=\"main\">\n");
        SummarySection.Write(html, report);
        SizeSection.Write(html, report);
        ChoiceSections.Write(html, report);
        OutputSection.Write(html, report);
        LayerSection.Write(html, report);
        SampleSection.Write(html, report);
        ProvenanceSection.Write(html, report);
        html.Write($"""
            </main>
            <footer><p>Mnn.Quantize {report.Provenance.Version}. This file needs no network, and holds no time: the same inputs give the same file.</p></footer>
            <script type="application/json" id="layer-data">{new Markup(LayerData.Json(report.Layers))}</script>
            <script>{new Markup(script)}</script>
            </body>
            </html>

            """);
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static void Header(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <header>
            <p class="kicker">Quantization report</p>
            <h1>{report.Int8}</h1>
            <p class="sub">made of {report.Float}, compared on {Words(report.Pictures, "sample")}</p>
            <nav aria-label="Sections"><ul>
            <li><a href="#summary">Summary</a></li><li><a href="#size">Size</a></li>

            """);
        ChoiceSections.WriteLinks(html, report);
        html.Write($"""
            <li><a href="#outputs">Outputs</a></li><li><a href="#layers">Layers</a></li><li><a href="#samples">Samples</a></li><li><a href="#made-of">Made of</a></li>
            </ul></nav>
            </header>

            """);
    }

    /// <summary>A number with its noun.</summary>
    internal static string Words(long count, string noun) => $"{ReportNumbers.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
