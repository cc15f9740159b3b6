using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>The table of layers; the script adds sorting, filtering, pages and the details.</summary>
internal static class LayerSection
{
    public static void Write(HtmlWriter html, ModelReport report)
    {
        bool hasSensitivity = report.Layers.Any(l => l.Sensitivity is not null);
        html.Write($"""
            <section id="layers" aria-labelledby="layers-title">
            <h2 id="layers-title">Layers</h2>
            <figure class="along"><figcaption>Error along the model: 1 less the cosine of each layer, from input to output, on a logarithmic scale; <span class="key int8"></span> runs in int8, <span class="key float"></span> in float.</figcaption>

            """);
        html.Write($"<div class=\"chart\"><div class=\"ticks\" aria-hidden=\"true\"><span>1</span><span>0.01</span><span>0.0001</span><span>0.000001</span></div>");
        html.Write(Svg.Profile(report.Layers));
        html.Write($"""
            </div></figure>
            <form class="controls" hidden>
            <label>Find <input type="search" id="find" autocomplete="off" spellcheck="false" placeholder="name or type"></label>
            <label>Type <select id="type"><option value="">all</option>
            """);
        foreach (string type in report.Layers.Select(l => l.Type).Distinct().Order(StringComparer.Ordinal))
        {
            html.Write($"<option>{type}</option>");
        }

        html.Write($"""
            </select></label>
            <label>Runs in <select id="runs"><option value="">both</option><option>int8</option><option>float</option></select></label>
            <label>Sort by <select id="order"><option value="i">order in the model</option></select></label>
            <button type="button" id="direction" aria-pressed="false">Reverse</button>
            </form>
            <p id="shown" role="status" class="note">{HtmlReport.Words(report.Layers.Count, "layer")}</p>
            <table class="layers" role="table" aria-labelledby="layers-title">
            <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" data-key="n">Operator</th><th scope="col" role="columnheader" data-key="t">Type</th><th scope="col" role="columnheader" data-key="r">Runs in</th><th scope="col" role="columnheader" class="n" data-key="b">Bits</th><th scope="col" role="columnheader" class="n" data-key="ib">Weights</th><th scope="col" role="columnheader" class="n" data-key="c">Cosine</th><th scope="col" role="columnheader" class="n" data-key="l">Lowest</th><th scope="col" role="columnheader" class="n" data-key="d">SNR dB</th><th scope="col" role="columnheader" class="n" data-key="o">Overflow</th>
            """);
        if (hasSensitivity)
        {
            html.Write($"<th scope=\"col\" role=\"columnheader\" class=\"n\" data-key=\"se\">Sensitivity</th>");
        }

        html.Write($"<th scope=\"col\" role=\"columnheader\">Values</th></tr></thead>\n<tbody role=\"rowgroup\">\n");
        foreach (LayerReport layer in report.Layers)
        {
            Row(html, layer, hasSensitivity);
        }

        html.Write($"""
            </tbody></table>
            <p class="pager" hidden><button type="button" id="more">Show more</button> <button type="button" id="all">Show all</button></p>
            <p class="note">Cosine and lowest: mean and least over the samples; ! marks a mean below 0.99, !! one below 0.95. SNR: signal to noise. Overflow: share of values at an end of the int8 range. Values: how often they occur in the float model, on a logarithmic scale; lines mark the ends of the int8 range.</p>
            </section>

            """);
    }

    private static void Row(HtmlWriter html, LayerReport layer, bool hasSensitivity)
    {
        html.Write($"<tr role=row><th scope=row role=rowheader><span class=op>{layer.Name}</span>");
        if (layer.Tensor != layer.Name)
        {
            html.Write($"<span class=tensor>{layer.Tensor}</span>");
        }

        string runs = layer.RunsInt8 ? "int8" : "float";
        html.Write($"</th><td role=cell data-l=Type>{layer.Type}</td><td role=cell data-l=\"Runs in\"><span class=\"chip {runs}\">{runs}</span></td>");
        Number(html, "Bits", layer.WeightBits is { } bits ? ReportNumbers.Count(bits) : "");
        Number(html, "Weights", layer.Int8Bytes > 0 ? ReportNumbers.Size(layer.Int8Bytes) : "");
        html.Write($"<td role=cell data-l=Cosine class=\"n {SummarySection.Tone(layer.Errors.Cosine)}\">{ReportNumbers.Cosine(layer.Errors.Cosine)}</td>");
        Number(html, "Lowest", ReportNumbers.Cosine(layer.Errors.LowestCosine));
        Number(html, "SNR dB", ReportNumbers.Decibels(layer.Errors.SignalToNoise));
        Number(html, "Overflow", layer.Errors.Overflow is { } overflow ? ReportNumbers.Percent(overflow) : "");
        if (hasSensitivity)
        {
            Number(html, "Sensitivity", layer.Sensitivity is { } loss ? ReportNumbers.Short(loss) : "");
        }

        html.Write($"<td role=cell data-l=Values>");
        if (layer.Histogram is { } histogram)
        {
            html.Write(Svg.Sparkline(histogram, layer.Range));
        }

        html.Write($"</td></tr>\n");
    }

    private static void Number(HtmlWriter html, string label, string text) =>
        html.Write($"<td role=cell data-l=\"{label}\" class=n>{text}</td>");
}
