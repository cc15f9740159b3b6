using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>What comes out of both models, point by point.</summary>
internal static class OutputSection
{
    // Points of more outputs would make the file long and say little more.
    private const int MostPlots = 6;

    public static void Write(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="outputs" aria-labelledby="outputs-title">
            <h2 id="outputs-title">Outputs</h2>
            <p class="note">Each dot is an element of an output on one sample: across what the float model gives, upwards what the int8 model gives. On the diagonal both are equal.</p>
            <div class="plots">

            """);
        foreach ((OutputReport output, int i) in report.Outputs.Select((output, i) => (output, i)))
        {
            html.Write($"<figure class=\"plot\"><figcaption><code>{output.Name}</code></figcaption>\n");
            if (i < MostPlots && output.Points.Count > 0)
            {
                html.Write(Svg.Scatter(output.Points)).Write($"\n");
            }

            html.Write($"<dl class=\"facts\"><div><dt>Cosine, mean</dt><dd>{ReportNumbers.Cosine(output.Errors.Cosine)}</dd></div><div><dt>Cosine, lowest</dt><dd>{ReportNumbers.Cosine(output.Errors.LowestCosine)}</dd></div><div><dt>Signal to noise</dt><dd>{ReportNumbers.Decibels(output.Errors.SignalToNoise)} dB</dd></div><div><dt>Mean error</dt><dd>{ReportNumbers.Short(output.Errors.MeanError)}</dd></div><div><dt>Greatest error</dt><dd>{ReportNumbers.Short(output.Errors.MaxError)}</dd></div>");
            if (output.IsScores && output.Top1Agreement is { } first)
            {
                html.Write($"<div><dt>Same first class</dt><dd>{ReportNumbers.Percent(first)}</dd></div><div><dt>First class among int8's first five</dt><dd>{ReportNumbers.Percent(output.Top5Agreement)}</dd></div>");
            }

            html.Write($"</dl></figure>\n");
        }

        html.Write($"</div>\n</section>\n");
    }
}
