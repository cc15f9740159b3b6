using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>What only some reports have: the candidates of <c>auto</c>, and accuracy by labels.</summary>
internal static class ChoiceSections
{
    /// <summary>Links to the sections that there are.</summary>
    public static void WriteLinks(HtmlWriter html, ModelReport report)
    {
        if (report.Labelled is not null)
        {
            html.Write($"<li><a href=\"#accuracy\">Accuracy</a></li>");
        }

        if (report.Candidates.Count > 0)
        {
            html.Write($"<li><a href=\"#candidates\">Candidates</a></li>");
        }
    }

    /// <summary>The sections that there are.</summary>
    public static void Write(HtmlWriter html, ModelReport report)
    {
        if (report.Labelled is { } labelled)
        {
            Accuracy(html, labelled);
        }

        if (report.Candidates.Count > 0)
        {
            Candidates(html, report);
        }
    }

    private static void Accuracy(HtmlWriter html, LabelledAccuracy labelled)
    {
        html.Write($"""
            <section id="accuracy" aria-labelledby="accuracy-title">
            <h2 id="accuracy-title">Accuracy</h2>
            <p class="note">On {HtmlReport.Words(labelled.Samples, "labelled sample")}, with 95% confidence intervals.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Accuracy">
            <table><thead><tr><th scope="col"></th><th scope="col" class="n">float</th><th scope="col" class="n">int8</th><th scope="col" class="n">Change</th></tr></thead><tbody>

            """);
        foreach (AccuracyRow row in labelled.Rows)
        {
            html.Write($"<tr><th scope=\"row\">{row.Name}</th><td class=\"n\">{Share(row.Float, row.FloatInterval)}</td><td class=\"n\">{Share(row.Int8, row.Int8Interval)}</td><td class=\"n\">{Points(row.Int8 - row.Float)}</td></tr>\n");
        }

        html.Write($"</tbody></table></div>\n<p class=\"note\">{LabelledText.Paired(labelled)}.</p>\n</section>\n");
    }

    private static string Share(double share, (double Low, double High) interval) =>
        $"{ReportNumbers.Percent(share)} ({ReportNumbers.Percent(interval.Low)} to {ReportNumbers.Percent(interval.High)})";

    private static string Points(double difference) =>
        FormattableString.Invariant($"{100 * difference:+0.00;-0.00;0.00} points");

    private static void Candidates(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="candidates" aria-labelledby="candidates-title">
            <h2 id="candidates-title">Candidates</h2>
            <p class="note">What was tried. A candidate is best in its way if none is both more accurate and smaller.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Candidates">
            <table><thead><tr><th scope="col">Candidate</th><th scope="col" class="n">Cosine</th><th scope="col" class="n">Bytes</th><th scope="col" class="n">of float</th><th scope="col"></th></tr></thead><tbody>

            """);
        foreach (CandidateReport candidate in report.Candidates)
        {
            string mark = candidate.IsChosen ? "chosen" : candidate.IsOnFront ? "best in its way" : "";
            html.Write($"<tr class=\"{(candidate.IsChosen ? "chosen" : "")}\"><th scope=\"row\">{candidate.Name}</th><td class=\"n\">{ReportNumbers.Cosine(candidate.Cosine)}</td><td class=\"n\">{ReportNumbers.Count(candidate.Bytes)}</td><td class=\"n\">{ReportNumbers.Ratio(candidate.Bytes, report.FloatBytes)}</td><td>{mark}</td></tr>\n");
        }

        html.Write($"</tbody></table></div>\n</section>\n");
    }
}
