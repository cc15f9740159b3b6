using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>How the samples fare, and the worst of them.</summary>
internal static class SampleSection
{
    public static void Write(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="samples" aria-labelledby="samples-title">
            <h2 id="samples-title">Samples</h2>

            """);
        if (report.SampleCosines.Count > 0)
        {
            double[] sorted = [.. report.SampleCosines.Order()];
            html.Write($"<figure class=\"along\"><figcaption>How many samples have which cosine: lowest {ReportNumbers.Cosine(sorted[0])}, median {ReportNumbers.Cosine(sorted[sorted.Length / 2])}, highest {ReportNumbers.Cosine(sorted[^1])}.</figcaption>\n");
            html.Write(Svg.Cosines(report.SampleCosines)).Write($"<div class=\"ends\"><span>{ReportNumbers.Cosine(Math.Min(sorted[0], 0.999999))}</span><span>1</span></div></figure>\n");
        }

        html.Write($"<h3>Farthest apart</h3>\n<ol class=\"worst\">\n");
        bool isScores = report.Outputs is [{ IsScores: true }, ..];
        foreach (SampleReport sample in report.WorstSamples)
        {
            html.Write($"<li>");
            if (sample.Thumbnail is { } png)
            {
                html.Write($"<img alt=\"\" src=\"data:image/png;base64,{new Markup(Convert.ToBase64String(png))}\">");
            }

            html.Write($"<p><code>{sample.Name}</code><span class=\"{SummarySection.Tone(sample.Cosine)}\">cosine {ReportNumbers.Cosine(sample.Cosine)}</span>");
            if (isScores && sample.FloatTop is { } first && sample.Int8Top is { } second)
            {
                string text = first == second ? $"both: class {first}" : $"float: class {first}, int8: class {second}";
                html.Write($"<span>{text}</span>");
            }

            html.Write($"</p></li>\n");
        }

        html.Write($"</ol>\n</section>\n");
    }
}
