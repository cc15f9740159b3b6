using System.Globalization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows which operators lose the most by being quantized.</summary>
public static class SensitivityText
{
    /// <summary>Writes a table and a closing line.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="top">Most operators to show; 0 shows all.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(
        SensitivityReport report, TextWriter writer, int top = 0, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        var table = new TextTable(
            new("rank"), new("loss"), new("cosine"), new("lowest"), new("SNR dB"), new("weights"), new("runs in", AlignsRight: false),
            new("type", AlignsRight: false), new("operator", AlignsRight: false, MayShrink: true));
        int count = top > 0 ? Math.Min(top, report.Operators.Count) : report.Operators.Count;
        for (int i = 0; i < count; i++)
        {
            OperatorSensitivity op = report.Operators[i];
            table.Add(
                (i + 1).ToString(CultureInfo.InvariantCulture),
                TextTable.Number(op.Loss, "0.0e+00"),
                TextTable.Number(op.Cosine, "0.000000"),
                TextTable.Number(op.LowestCosine, "0.000000"),
                TextTable.Number(op.SignalToNoise, "0.0"),
                op.Weights.ToString("N0", CultureInfo.InvariantCulture),
                op.RunsInt8 ? "int8" : "float",
                op.Type,
                op.Name);
        }

        table.Write(writer, width, colors);
        writer.WriteLine();
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(report.Model)}: {count} of {report.Operators.Count} operators, each quantized alone, on {report.Pictures} pictures; all together: cosine {report.Cosine:0.000000}"));
    }

    /// <summary>The same for programs, described in docs/commands.md: always all operators.</summary>
    /// <param name="report">What was found.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Json(SensitivityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonText.Object(json =>
        {
            json.WriteString("model", report.Model);
            json.WriteString("config", report.Config);
            json.WriteNumber("pictures", report.Pictures);
            json.Number("cosine", report.Cosine);
            json.Objects("operators", report.Operators, op =>
            {
                json.WriteString("name", op.Name);
                json.WriteString("type", op.Type);
                json.WriteString("tensor", op.Tensor);
                json.WriteBoolean("isConvolution", op.IsConvolution);
                json.WriteString("runsIn", op.RunsInt8 ? "int8" : "float");
                json.WriteNumber("weights", op.Weights);
                json.Number("loss", op.Loss);
                json.Number("cosine", op.Cosine);
                json.Number("lowestCosine", op.LowestCosine);
                json.Number("snrDb", op.SignalToNoise);
            });
            json.Lines("warnings", report.Warnings);
        });
    }
}
