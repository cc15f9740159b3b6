using System.Globalization;
using System.Text;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting;

/// <summary>The report in a few lines of Markdown, for the page of a CI job.</summary>
public static class ReportMarkdown
{
    private const int MostLayers = 10;

    /// <summary>Writes it.</summary>
    /// <param name="report">What to write.</param>
    /// <returns>UTF-8 Markdown in GitHub's dialect, which begins with a heading of level 3.</returns>
    public static byte[] Write(ModelReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {Plain(report.Int8)}\n\n");
        string form = report.CompressedConvolutions is null ? "Convolutions in int8" : "Convolutions with compressed weights";
        text.Append(CultureInfo.InvariantCulture, $"| Size | Output cosine | Same first class | {form} | Samples |\n|---:|---:|---:|---:|---:|\n");
        text.Append(CultureInfo.InvariantCulture, $"| {ReportNumbers.Count(report.FloatBytes)} → {ReportNumbers.Count(report.Int8Bytes)} bytes ({ReportNumbers.Ratio(report.Int8Bytes, report.FloatBytes)}) | {ReportNumbers.Cosine(report.Cosine)} | {ReportNumbers.Percent(report.Outputs.Any(o => o.IsScores) ? report.Top1Agreement : null, "0.0")} | {report.CompressedConvolutions ?? report.Convolutions.Int8} of {report.Convolutions.All} | {report.Pictures} |\n\n");
        Accuracy(text, report.Labelled);
        Layers(text, report);
        Candidates(text, report);
        foreach (Diagnostic warning in report.Warnings)
        {
            text.Append(CultureInfo.InvariantCulture, $"- ⚠️ {warning.CodeText}: {Plain(warning.Message)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A text that neither Markdown nor HTML take for theirs, on one line.</summary>
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            // A number as a reference, since a backslash is of no use inside a table before a bar in code.
            _ = char.IsControl(c) ? plain.Append(' ')
                : "\\`*_{}[]()#+!|<>&~@:".Contains(c, StringComparison.Ordinal)
                    ? plain.Append(CultureInfo.InvariantCulture, $"&#{(int)c};")
                    : plain.Append(c);
        }

        return plain.ToString();
    }

    private static void Layers(StringBuilder text, ModelReport report)
    {
        LayerReport[] worst =
        [
            .. report.Layers.Where(l => l.Errors.Cosine < ReportNumbers.WeakCosine)
                .OrderBy(l => l.Errors.Cosine).ThenBy(l => l.Tensor, StringComparer.Ordinal),
        ];
        if (worst.Length == 0)
        {
            text.Append("No layer is below a cosine of 0.99.\n\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"<details><summary>{worst.Length} of {report.Layers.Count} layers are below a cosine of 0.99</summary>\n\n");
        text.Append("| Layer | Type | Runs in | Cosine | SNR dB | Overflow |\n|---|---|---|---:|---:|---:|\n");
        foreach (LayerReport layer in worst.Take(MostLayers))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Plain(layer.Tensor)} | {Plain(layer.Type)} | {(layer.RunsInt8 ? "int8" : "float")} | {ReportNumbers.Cosine(layer.Errors.Cosine)} | {ReportNumbers.Decibels(layer.Errors.SignalToNoise)} | {ReportNumbers.Percent(layer.Errors.Overflow)} |\n");
        }

        text.Append("\n</details>\n\n");
    }

    private static void Accuracy(StringBuilder text, LabelledAccuracy? labelled)
    {
        if (labelled is null)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"| Accuracy on {labelled.Samples} samples | float | int8 |\n|---|---:|---:|\n");
        foreach (AccuracyRow row in labelled.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Plain(row.Name)} | {ReportNumbers.Percent(row.Float)} | {ReportNumbers.Percent(row.Int8)} |\n");
        }

        text.Append('\n').Append(LabelledText.Paired(labelled)).Append(".\n\n");
    }

    private static void Candidates(StringBuilder text, ModelReport report)
    {
        if (report.Candidates.Count == 0)
        {
            return;
        }

        text.Append("<details><summary>Candidates</summary>\n\n| Candidate | Cosine | Bytes | |\n|---|---:|---:|---|\n");
        foreach (CandidateReport candidate in report.Candidates)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Plain(candidate.Name)} | {ReportNumbers.Cosine(candidate.Cosine)} | {ReportNumbers.Count(candidate.Bytes)} | {(candidate.IsChosen ? "chosen" : "")} |\n");
        }

        text.Append("\n</details>\n\n");
    }
}
