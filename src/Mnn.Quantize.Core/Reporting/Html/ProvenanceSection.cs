using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>What it takes to make the same model again.</summary>
internal static class ProvenanceSection
{
    public static void Write(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="made-of" aria-labelledby="made-of-title">
            <h2 id="made-of-title">Made of</h2>
            <p class="note">The same version, model, settings and samples give the same int8 model, byte by byte.</p>
            <dl class="facts wide"><div><dt>Mnn.Quantize</dt><dd>{report.Provenance.Version}</dd></div>

            """);
        foreach ((string name, string hash) in report.Provenance.Hashes)
        {
            html.Write($"<div><dt>SHA-256, {name}</dt><dd><code class=\"hash\">{hash}</code></dd></div>\n");
        }

        html.Write($"</dl>\n<h3>Settings</h3>\n<pre tabindex=\"0\">{string.Join('\n', report.Provenance.Settings)}</pre>\n</section>\n");
    }
}
