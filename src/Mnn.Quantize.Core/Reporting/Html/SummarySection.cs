using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>The figures that decide, and what to look at.</summary>
internal static class SummarySection
{
    public static void Write(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="summary" aria-labelledby="summary-title">
            <h2 id="summary-title">Summary</h2>
            <dl class="cards">

            """);
        Card(html, "Size", ReportNumbers.Ratio(report.Int8Bytes, report.FloatBytes), $"{ReportNumbers.Size(report.FloatBytes)} to {ReportNumbers.Size(report.Int8Bytes)}");
        Card(html, "Output cosine", ReportNumbers.Cosine(report.Cosine), Judgement(report.Cosine), Tone(report.Cosine));
        if (report.Top1Agreement is { } agreement && report.Outputs.Any(o => o.IsScores))
        {
            Card(html, "Same first class", ReportNumbers.Percent(agreement, "0.0"), $"of {HtmlReport.Words(report.Pictures, "sample")}");
        }

        if (report.CompressedConvolutions is { } compressed)
        {
            Card(html, "Convolutions with compressed weights", $"{compressed} of {report.Convolutions.All}", "all operators compute in float");
        }
        else
        {
            Card(html, "Convolutions in int8", $"{report.Convolutions.Int8} of {report.Convolutions.All}", Operators(report));
        }

        html.Write($"</dl>\n");
        Remarks(html, report);
        Warnings(html, report.Warnings);
        html.Write($"</section>\n");
    }

    /// <summary>The class of a cosine's cell.</summary>
    public static string Tone(double cosine) => cosine >= ReportNumbers.WeakCosine ? "good"
        : cosine >= ReportNumbers.BadCosine ? "weak" : "bad";

    /// <summary>A cosine in a word, so that no colour is needed.</summary>
    public static string Judgement(double cosine) => cosine >= ReportNumbers.WeakCosine ? "close to float"
        : cosine >= ReportNumbers.BadCosine ? "worth a look" : "far from float";

    private static void Card(HtmlWriter html, string name, string figure, string note, string tone = "") =>
        html.Write($"<div class=\"card {tone}\"><dt>{name}</dt><dd><b>{figure}</b><span>{note}</span></dd></div>\n");

    private static string Operators(ModelReport report)
    {
        int all = report.Kinds.Sum(k => k.Count);
        return $"{report.Kinds.Sum(k => k.Int8Count)} of {all} operators run in int8";
    }

    private static void Remarks(HtmlWriter html, ModelReport report)
    {
        int weak = report.Layers.Count(l => l.Errors.Cosine < ReportNumbers.WeakCosine);
        LayerReport? worst = report.Layers.MinBy(l => l.Errors.Cosine);
        LayerReport? cut = report.Layers.Where(l => l.Errors.Overflow > 0.01).MaxBy(l => l.Errors.Overflow);
        html.Write($"<ul class=\"remarks\">\n");
        if (worst is not null)
        {
            html.Write($"<li>Farthest from float: <a href=\"#layers\"><code>{worst.Tensor}</code></a> ({worst.Type}), cosine {ReportNumbers.Cosine(worst.Errors.Cosine)}. {weak} of {HtmlReport.Words(report.Layers.Count, "layer")} {(weak == 1 ? "is" : "are")} below 0.99.</li>\n");
        }

        if (cut is not null)
        {
            html.Write($"<li>Most values cut off: <code>{cut.Tensor}</code>, {ReportNumbers.Percent(cut.Errors.Overflow)} at an end of the int8 range.</li>\n");
        }

        if (report.WorstSamples is [var sample, ..] && report.Pictures > 1)
        {
            html.Write($"<li>Worst sample: <a href=\"#samples\"><code>{sample.Name}</code></a>, cosine {ReportNumbers.Cosine(sample.Cosine)}.</li>\n");
        }

        html.Write($"</ul>\n");
    }

    private static void Warnings(HtmlWriter html, IReadOnlyList<Diagnostic> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        html.Write($"<details class=\"warnings\" open><summary>{HtmlReport.Words(warnings.Count, "warning")}</summary><ul>\n");
        foreach (Diagnostic warning in warnings)
        {
            html.Write($"<li><b>{warning.CodeText}</b> {warning.Message}</li>\n");
        }

        html.Write($"</ul></details>\n");
    }
}
