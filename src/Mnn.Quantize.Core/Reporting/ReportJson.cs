using System.Text.Json;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting;

/// <summary>The report for programs; <c>docs/report.schema.json</c> describes it. Infinity and NaN are null.</summary>
public static class ReportJson
{
    private const int FormatVersion = 1;

    /// <summary>Writes it.</summary>
    /// <param name="report">What to write.</param>
    /// <returns>UTF-8 JSON; the same bytes for the same report.</returns>
    public static byte[] Write(ModelReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonText.Object(json =>
        {
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteString("float", report.Float);
            json.WriteString("int8", report.Int8);
            json.WriteNumber("floatBytes", report.FloatBytes);
            json.WriteNumber("int8Bytes", report.Int8Bytes);
            json.WriteNumber("pictures", report.Pictures);
            json.Number("cosine", report.Cosine);
            json.Number("top1Agreement", report.Top1Agreement);
            json.WriteNumber("convolutionsInInt8", report.Convolutions.Int8);
            json.WriteNumber("convolutions", report.Convolutions.All);
            json.Objects("outputs", report.Outputs, output => Write(json, output));
            json.Objects("operators", report.Layers, layer => Write(json, layer));
            json.Objects("kinds", report.Kinds, kind => Write(json, kind));
            json.Objects("worstSamples", report.WorstSamples, sample => Write(json, sample));
            json.Numbers("sampleCosines", report.SampleCosines);
            LabelledText.Json(json, report.Labelled);
            json.Objects("candidates", report.Candidates, candidate =>
            {
                json.WriteString("name", candidate.Name);
                json.Number("cosine", candidate.Cosine);
                json.WriteNumber("bytes", candidate.Bytes);
                json.WriteBoolean("chosen", candidate.IsChosen);
                json.WriteBoolean("onFront", candidate.IsOnFront);
            });
            Write(json, report.Provenance);
            json.Objects("warnings", report.Warnings, warning =>
            {
                json.WriteString("code", warning.CodeText);
                json.WriteString("message", warning.Message);
            });
        });
    }

    private static void Write(Utf8JsonWriter json, OutputReport output)
    {
        json.WriteString("name", output.Name);
        json.WriteBoolean("isScores", output.IsScores);
        json.Errors(output.Errors);
        json.Number("top1Agreement", output.Top1Agreement);
        json.Number("top5Agreement", output.Top5Agreement);
    }

    private static void Write(Utf8JsonWriter json, LayerReport layer)
    {
        json.WriteString("name", layer.Name);
        json.WriteString("type", layer.Type);
        json.WriteString("tensor", layer.Tensor);
        json.Shape("shape", layer.Shape);
        json.WriteString("runsIn", layer.RunsInt8 ? "int8" : "float");
        json.WriteString("why", layer.Reason);
        json.Number("weightBits", layer.WeightBits);
        json.WriteNumber("floatBytes", layer.FloatBytes);
        json.WriteNumber("int8Bytes", layer.Int8Bytes);
        json.WriteNumber("macs", layer.MultiplyAccumulates);
        json.Errors(layer.Errors);
        json.Number("scale", layer.Scale);
        json.Number("zeroPoint", layer.Scale is null ? null : layer.ZeroPoint);
        json.Number("low", layer.Range?.Low);
        json.Number("high", layer.Range?.High);
        json.Number("sensitivity", layer.Sensitivity);
        if (layer.Histogram is { } histogram)
        {
            json.WriteStartObject("histogram");
            json.Number("low", histogram.Low);
            json.Number("high", histogram.High);
            json.Number("min", histogram.Min);
            json.Number("max", histogram.Max);
            json.Numbers("float", histogram.Float.Select(c => Math.Round(c, 2)));
            json.Numbers("int8", histogram.Int8.Select(c => Math.Round(c, 2)));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("histogram");
        }
    }

    private static void Write(Utf8JsonWriter json, OperatorKind kind)
    {
        json.WriteString("type", kind.Type);
        json.WriteNumber("count", kind.Count);
        json.WriteNumber("inInt8", kind.Int8Count);
        json.WriteNumber("floatBytes", kind.FloatBytes);
        json.WriteNumber("int8Bytes", kind.Int8Bytes);
        json.WriteNumber("macs", kind.MultiplyAccumulates);
    }

    private static void Write(Utf8JsonWriter json, SampleReport sample)
    {
        json.WriteString("name", sample.Name);
        json.Number("cosine", sample.Cosine);
        json.Number("floatTop1", sample.FloatTop);
        json.Number("int8Top1", sample.Int8Top);
    }

    private static void Write(Utf8JsonWriter json, Provenance provenance)
    {
        json.WriteStartObject("madeOf");
        json.WriteString("version", provenance.Version);
        json.WriteStartArray("settings");
        foreach (string setting in provenance.Settings)
        {
            json.WriteStringValue(setting);
        }

        json.WriteEndArray();
        json.WriteStartObject("sha256");
        foreach ((string name, string hash) in provenance.Hashes)
        {
            json.WriteString(name, hash);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
