using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>Where the bytes are, and which types of operators the model is made of.</summary>
internal static class SizeSection
{
    public static void Write(HtmlWriter html, ModelReport report)
    {
        html.Write($"""
            <section id="size" aria-labelledby="size-title">
            <h2 id="size-title">Size and operators</h2>
            <div class="sizes">

            """);
        Bar(html, "float", report.Kinds.Sum(k => k.FloatBytes), report.FloatBytes, report);
        Bar(html, "int8", report.Kinds.Sum(k => k.Int8Bytes), report.Int8Bytes, report);
        html.Write($"""
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Operators by type">
            <table class="kinds">
            <thead><tr><th scope="col">Type</th><th scope="col" class="n">Operators</th><th scope="col" class="n">in int8</th><th scope="col" class="n">Weights before</th><th scope="col" class="n">after</th><th scope="col" class="n">Operations</th><th scope="col" class="share">Share of operations</th></tr></thead>
            <tbody>

            """);
        long operations = Math.Max(1, report.Kinds.Sum(k => k.MultiplyAccumulates));
        foreach (OperatorKind kind in report.Kinds)
        {
            double share = (double)kind.MultiplyAccumulates / operations;
            html.Write($"<tr><th scope=\"row\">{kind.Type}</th><td class=\"n\">{kind.Count}</td><td class=\"n\">{kind.Int8Count}</td><td class=\"n\">{Bytes(kind.FloatBytes)}</td><td class=\"n\">{Bytes(kind.Int8Bytes)}</td><td class=\"n\">{Operations(kind.MultiplyAccumulates)}</td><td class=\"share\">{Meter(share)}</td></tr>\n");
        }

        html.Write($"</tbody></table></div>\n<p class=\"note\">Weights include biases and scales. Operations are multiply-accumulates for one sample.</p>\n</section>\n");
    }

    private static void Bar(HtmlWriter html, string name, long weights, long bytes, ModelReport report)
    {
        double most = Math.Max(1, Math.Max(report.FloatBytes, report.Int8Bytes));
        weights = Math.Min(weights, bytes);
        html.Write($"<div class=\"size\"><span>{name}</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"bar-{name}\" width=\"{100 * weights / most:0.##}\" height=\"10\"/><rect class=\"rest\" x=\"{100 * weights / most:0.##}\" width=\"{100 * (bytes - weights) / most:0.##}\" height=\"10\"/></svg><span>{ReportNumbers.Count(bytes)} bytes: {ReportNumbers.Size(weights)} weights, {ReportNumbers.Size(bytes - weights)} else</span></div>\n");
    }

    private static string Bytes(long bytes) => bytes == 0 ? "" : ReportNumbers.Size(bytes);

    private static string Operations(long count) => count == 0 ? "" : ReportNumbers.Magnitude(count);

    private static Markup Meter(double share) => share < 0.0005 ? new Markup("") : new Markup(
        FormattableString.Invariant($"<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"8\"/><rect class=\"bar-float\" width=\"{100 * share:0.#}\" height=\"8\"/></svg><span>{100 * share:0.0}%</span>"));
}
