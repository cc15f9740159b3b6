using System.Globalization;
using System.Text.Json;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows accuracy by labels.</summary>
internal static class LabelledText
{
    private const double LeastShown = 0.001;

    /// <summary>Writes a table, and a line on the samples on which the models differ.</summary>
    /// <param name="labelled">The figures.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(LabelledAccuracy labelled, TextWriter writer, int width, bool colors)
    {
        var table = new TextTable(
            new("accuracy", AlignsRight: false), new("float"), new("95% interval"), new("int8"), new("95% interval"), new("change"));
        foreach (AccuracyRow row in labelled.Rows)
        {
            table.Add(
                row.Name, Percent(row.Float), Interval(row.FloatInterval), Percent(row.Int8), Interval(row.Int8Interval),
                string.Create(CultureInfo.InvariantCulture, $"{100 * (row.Int8 - row.Float):+0.00;-0.00;0.00}"));
        }

        table.Write(writer, width, colors);
        writer.WriteLine(Paired(labelled));
    }

    /// <summary>What a test of both models on the same samples says.</summary>
    public static string Paired(LabelledAccuracy labelled) => string.Create(
        CultureInfo.InvariantCulture,
        $"On {labelled.Samples} labelled samples: {labelled.OnlyFloatRight} only the float model has right, {labelled.OnlyInt8Right} only the int8 model; "
        + $"such a difference comes by chance with a probability of {(labelled.PValue < LeastShown ? "less than 0.001" : labelled.PValue.ToString("0.###", CultureInfo.InvariantCulture))} (McNemar)");

    /// <summary>The member <c>labelled</c>; null without labels.</summary>
    public static void Json(Utf8JsonWriter json, LabelledAccuracy? labelled)
    {
        if (labelled is null)
        {
            json.WriteNull("labelled");
            return;
        }

        json.WriteStartObject("labelled");
        json.WriteNumber("samples", labelled.Samples);
        json.Objects("rows", labelled.Rows, row =>
        {
            json.WriteString("name", row.Name);
            json.Number("float", row.Float);
            json.Numbers("floatInterval", [row.FloatInterval.Low, row.FloatInterval.High]);
            json.Number("int8", row.Int8);
            json.Numbers("int8Interval", [row.Int8Interval.Low, row.Int8Interval.High]);
        });
        json.WriteNumber("onlyFloatRight", labelled.OnlyFloatRight);
        json.WriteNumber("onlyInt8Right", labelled.OnlyInt8Right);
        json.Number("pValue", labelled.PValue);
        json.WriteEndObject();
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00}%");

    private static string Interval((double Low, double High) interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Low:0.00} to {100 * interval.High:0.00}");
}
