using System.Globalization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows a comparison of two models.</summary>
public static class ComparisonText
{
    // Below these a cosine is marked.
    private const double WeakCosine = 0.99;
    private const double BadCosine = 0.95;

    /// <summary>Writes tables for people: outputs, then operators.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(ComparisonReport report, TextWriter writer, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(report.Int8)} ({report.Int8Milliseconds:0.00} ms) against {Path.GetFileName(report.Float)} ({report.FloatMilliseconds:0.00} ms) on {report.Pictures} pictures"));
        writer.WriteLine();
        var outputs = new TextTable(
            new("output", AlignsRight: false, MayShrink: true), new("cosine"), new("lowest"), new("mean error"), new("max error"),
            new("SNR dB"), new("top-1"), new("top-5"));
        foreach (OutputComparison output in report.Outputs)
        {
            outputs.Add(
                [Plain(output.Name), .. Errors(output.Errors), Plain(Percent(output.Top1Agreement)), Plain(Percent(output.Top5Agreement))]);
        }

        outputs.Write(writer, width, colors);
        writer.WriteLine();
        if (report.Labelled is { } labelled)
        {
            LabelledText.Write(labelled, writer, width, colors);
            writer.WriteLine();
        }

        var operators = new TextTable(
            new("operator", AlignsRight: false, MayShrink: true), new("type", AlignsRight: false, MayShrink: true),
            new("runs in", AlignsRight: false), new("cosine"), new("lowest"), new("mean error"), new("max error"), new("SNR dB"),
            new("overflow"), new("float ms"), new("int8 ms"));
        foreach (OperatorComparison op in report.Operators)
        {
            operators.Add(
            [
                Plain(op.Name), Plain(op.Type), Plain(op.RunsInt8 ? "int8" : "float"), .. Errors(op.Errors),
                Plain(Percent(op.Errors.Overflow)),
                Plain(TextTable.Number(op.FloatMilliseconds, "0.000")), Plain(TextTable.Number(op.Int8Milliseconds, "0.000")),
            ]);
        }

        operators.Write(writer, width, colors);
    }

    /// <summary>The same for programs, described in docs/commands.md. Infinity and NaN are null.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Json(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonText.Object(json =>
        {
            json.WriteString("float", report.Float);
            json.WriteString("int8", report.Int8);
            json.WriteNumber("pictures", report.Pictures);
            json.Number("cosine", report.Cosine);
            json.Number("top1Agreement", report.Top1Agreement);
            json.Number("floatMilliseconds", report.FloatMilliseconds);
            json.Number("int8Milliseconds", report.Int8Milliseconds);
            json.Objects("outputs", report.Outputs, output =>
            {
                json.WriteString("name", output.Name);
                json.WriteBoolean("isScores", output.IsScores);
                json.Errors(output.Errors);
                json.Number("top1Agreement", output.Top1Agreement);
                json.Number("top5Agreement", output.Top5Agreement);
            });
            json.Objects("operators", report.Operators, op =>
            {
                json.WriteString("name", op.Name);
                json.WriteString("type", op.Type);
                json.WriteString("tensor", op.Tensor);
                json.WriteString("runsIn", op.RunsInt8 ? "int8" : "float");
                json.Errors(op.Errors);
                json.Number("floatMilliseconds", op.FloatMilliseconds);
                json.Number("int8Milliseconds", op.Int8Milliseconds);
            });
            LabelledText.Json(json, report.Labelled);
            json.Lines("warnings", report.Warnings);
        });
    }

    private static (string Text, CellTone Tone)[] Errors(ErrorFigures errors) =>
    [
        Cosine(errors.Cosine), Cosine(errors.LowestCosine), Plain(TextTable.Number(errors.MeanError, "G4")),
        Plain(TextTable.Number(errors.MaxError, "G4")), Plain(TextTable.Number(errors.SignalToNoise, "0.0")),
    ];

    private static (string Text, CellTone Tone) Cosine(double value) => (
        TextTable.Number(value, "0.000000"),
        value >= WeakCosine ? CellTone.Plain : value >= BadCosine ? CellTone.Weak : CellTone.Bad);

    private static (string Text, CellTone Tone) Plain(string text) => (text, CellTone.Plain);

    private static string Percent(double? share) => share is null ? "-" : TextTable.Number(100 * share, "0.00") + "%";
}
