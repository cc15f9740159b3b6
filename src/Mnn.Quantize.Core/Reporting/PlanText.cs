using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows what quantizing a model will make of it.</summary>
public static class PlanText
{
    /// <summary>Writes a table of all steps and a closing line.</summary>
    /// <param name="report">The plan.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(PlanReport report, TextWriter writer, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        var table = new TextTable(
            new("runs in", AlignsRight: false), new("type", AlignsRight: false), new("operator", AlignsRight: false, MayShrink: true),
            new("why", AlignsRight: false, MayShrink: true));
        foreach (PlannedStep step in report.Steps)
        {
            table.Add(
                (Name(step.Kind), step.Kind == StepKind.Int8 ? CellTone.Plain : CellTone.Weak),
                (step.Type, CellTone.Plain),
                (step.Name, CellTone.Plain),
                (step.Reason, CellTone.Plain));
        }

        table.Write(writer, width, colors);
        writer.WriteLine();
        writer.WriteLine(Summary(report));
    }

    /// <summary>The closing line.</summary>
    /// <param name="report">The plan.</param>
    public static string Summary(PlanReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int Count(StepKind kind) => report.Steps.Count(s => s.Kind == kind);
        double ratio = 100.0 * report.ExpectedBytes / Math.Max(1, report.SourceBytes);
        if (report.Mode is QuantizeMode.WeightOnly or QuantizeMode.Fp16)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(report.Model)}: {report.Convolutions.Quantized} of {report.Convolutions.All} convolutions with compressed weights, "
                + $"all computes in float; {report.SourceBytes:N0} -> {report.ExpectedBytes:N0} bytes ({ratio:0.0}%)");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(report.Model)}: {Count(StepKind.Int8)} operators in int8, {Count(StepKind.Float)} in float, {Count(StepKind.Cast)} casts; "
            + $"{report.Convolutions.Quantized} of {report.Convolutions.All} convolutions in int8; "
            + $"{report.SourceBytes:N0} -> about {report.ExpectedBytes:N0} bytes ({ratio:0.0}%)");
    }

    /// <summary>The same for programs, described in docs/commands.md.</summary>
    /// <param name="report">The plan.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Json(PlanReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonText.Object(json =>
        {
            json.WriteString("model", report.Model);
            json.WriteString("config", report.Config);
            json.WriteNumber("sourceBytes", report.SourceBytes);
            json.WriteNumber("expectedBytes", report.ExpectedBytes);
            json.WriteNumber("convolutionsQuantized", report.Convolutions.Quantized);
            json.WriteNumber("convolutions", report.Convolutions.All);
            json.Objects("steps", report.Steps, step =>
            {
                json.WriteString("name", step.Name);
                json.WriteString("type", step.Type);
                json.WriteString("runsIn", Name(step.Kind));
                json.WriteString("why", step.Reason);
            });
            json.Lines("warnings", report.Warnings);
        });
    }

    private static string Name(StepKind kind) => kind switch
    {
        StepKind.Int8 => "int8",
        StepKind.Cast => "cast",
        _ => "float",
    };
}
