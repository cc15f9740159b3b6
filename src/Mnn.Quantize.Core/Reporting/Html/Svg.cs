using System.Globalization;
using System.Text;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>Drawings of a report. All text in them is of numbers.</summary>
internal static class Svg
{
    /// <summary>Greatest height that <see cref="LogHeights"/> gives.</summary>
    public const int FullHeight = 100;

    private const int PlotSide = 1000;

    /// <summary>Heights of bars: the logarithm of the counts, so that rare values can be seen beside frequent ones.</summary>
    /// <param name="counts">How often values occur.</param>
    /// <param name="greatest">The count that has the full height.</param>
    /// <returns>0 for none, else 1 to <see cref="FullHeight"/>.</returns>
    public static int[] LogHeights(IReadOnlyList<double> counts, double greatest) =>
    [
        .. counts.Select(count => count <= 0
            ? 0
            : Math.Max(1, (int)Math.Round(FullHeight * DoubleLog.Log(1 + count) / DoubleLog.Log(1 + greatest)))),
    ];

    /// <summary>A histogram as small as a word, with the ends of the int8 range.</summary>
    public static Markup Sparkline(LayerHistogram histogram, (float Low, float High)? range)
    {
        const int width = 96;
        const int height = 24;
        int bins = histogram.Float.Count / 2;
        double[] halved = [.. Enumerable.Range(0, bins).Select(i => histogram.Float[2 * i] + histogram.Float[(2 * i) + 1])];
        int[] heights = LogHeights(halved, halved.Max());
        int step = width / bins;
        var path = new StringBuilder("M0 24");
        foreach (int bar in heights)
        {
            path.Append(CultureInfo.InvariantCulture, $"V{height - (bar * (height - 2) / FullHeight)}h{step}");
        }

        path.Append("V24z");
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=spark viewBox=\"0 0 {width} {height}\" aria-hidden=true><path d=\"{path}\"/>");
        if (range is { } limits)
        {
            foreach (float limit in (float[])[limits.Low, limits.High])
            {
                double x = (limit - histogram.Low) / (histogram.High - histogram.Low) * width;
                if (x is >= -0.5 and <= width + 0.5)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"<path class=cut d=\"M{Math.Clamp(x, 1, width - 1):0.#} 0V24\"/>");
                }
            }
        }

        return new Markup(svg.Append("</svg>").ToString());
    }

    /// <summary>Points of both models: across the float model's element, upwards the int8 model's, with the diagonal.</summary>
    public static Markup Scatter(IReadOnlyList<(float Float, float Int8)> points)
    {
        (double low, double high) = Limits(points.SelectMany(p => (float[])[p.Float, p.Int8]).Where(float.IsFinite));
        var dots = new StringBuilder();
        foreach ((float x, float y) in points.Where(p => float.IsFinite(p.Float) && float.IsFinite(p.Int8)))
        {
            dots.Append(CultureInfo.InvariantCulture, $"M{At(x):0} {PlotSide - At(y):0}h0");
        }

        var svg = new StringBuilder("<svg class=scatter viewBox=\"-170 -20 1200 1150\" aria-hidden=true>");
        foreach (double tick in Ticks(low, high))
        {
            string label = ReportNumbers.Short(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=grid d=\"M{At(tick):0} 0V{PlotSide}M0 {PlotSide - At(tick):0}H{PlotSide}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{At(tick):0}\" y=\"1050\" text-anchor=middle>{label}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"-16\" y=\"{PlotSide - At(tick) + 12:0}\" text-anchor=end>{label}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=diagonal d=\"M0 {PlotSide}L{PlotSide} 0\"/><path class=dots d=\"{dots}\"/>");
        svg.Append("<text x=\"500\" y=\"1110\" text-anchor=middle class=axis>float</text>");
        svg.Append("<text transform=\"translate(-130 500)rotate(-90)\" text-anchor=middle class=axis>int8</text></svg>");
        return new Markup(svg.ToString());

        double At(double value) => (value - low) / (high - low) * PlotSide;
    }

    /// <summary>
    /// The error along the model: a bar a layer, its height 1 less the cosine on a logarithmic scale from 0.000001 to 1.
    /// </summary>
    public static Markup Profile(IReadOnlyList<LayerReport> layers)
    {
        const int height = 200;
        const int decades = 6;
        var svg = new StringBuilder();
        double step = 1000.0 / Math.Max(1, layers.Count);
        svg.Append("<svg class=profile viewBox=\"0 0 1000 200\" preserveAspectRatio=none aria-hidden=true>");
        for (int i = 0; i <= decades; i += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=grid d=\"M0 {height - (i * height / decades)}H1000\"/>");
        }

        foreach (string tone in (string[])["int8", "float"])
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"bar-{tone}\" d=\"");
            for (int i = 0; i < layers.Count; i++)
            {
                double loss = Math.Max(1 - layers[i].Errors.Cosine, 1e-12);
                double bar = Math.Clamp(((DoubleLog.Log(loss) / DoubleLog.Log(10)) + decades) / decades, 0, 1) * height;
                if (layers[i].RunsInt8 == (tone == "int8") && bar > 0)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"M{i * step:0.#} {height}v{-Math.Max(bar, 1):0.#}h{Math.Max(step * 0.8, 0.8):0.#}V{height}z");
                }
            }

            svg.Append("\"/>");
        }

        return new Markup(svg.Append("</svg>").ToString());
    }

    /// <summary>How many samples have which cosine.</summary>
    public static Markup Cosines(IReadOnlyList<double> cosines)
    {
        const int bins = 24;
        const int height = 120;
        double low = Math.Min(cosines.Min(), 0.999999);
        double[] counts = new double[bins];
        foreach (double cosine in cosines)
        {
            counts[Math.Min((int)((cosine - low) / (1 - low) * bins), bins - 1)]++;
        }

        var bars = new StringBuilder();
        for (int i = 0; i < bins; i++)
        {
            double bar = counts[i] / counts.Max() * height;
            bars.Append(CultureInfo.InvariantCulture, $"M{i * 40} {height}v{-bar:0.#}h36V{height}z");
        }

        return new Markup($"<svg class=cosines viewBox=\"0 0 956 122\" preserveAspectRatio=none aria-hidden=true><path class=bar-int8 d=\"{bars}\"/></svg>");
    }

    private static (double Low, double High) Limits(IEnumerable<float> values)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (float value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        double margin = Math.Max((high - low) * 0.03, 1e-9);
        return low > high ? (0, 1) : (low - margin, high + margin);
    }

    // Round steps, four to eight of them.
    private static IEnumerable<double> Ticks(double low, double high)
    {
        double raw = (high - low) / 4;
        double power = 1;
        for (; raw / power >= 10; power *= 10)
        {
        }

        for (; raw / power < 1; power /= 10)
        {
        }

        double step = power * (raw / power >= 5 ? 5 : raw / power >= 2 ? 2 : 1);
        for (long i = (long)Math.Ceiling(low / step); i * step <= high; i++)
        {
            yield return i * step;
        }
    }
}
