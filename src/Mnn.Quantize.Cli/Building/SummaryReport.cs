using System.Text.Encodings.Web;
using System.Text.Json;
using Mnn.Quantize.Model;
using Mnn.Quantize.Reporting;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// What is known of one model, as JSON beside it: <c>x.mnn.summary.json</c>, when the project has
/// <c>MnnQuantizeReport=true</c>. Made of the record, so that a model from the cache has one too.
/// </summary>
internal static class SummaryReport
{
    internal static string FileFor(ManifestModel model) => model.Destination + ".summary.json";

    internal static void Write(ManifestModel model, BuildRecord record, string? fault) =>
        AtomicFile.Write(FileFor(model), stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteStartObject();
            json.WriteString("model", model.Source);
            json.WriteString("deployed", record.IsFloat ? "float" : "int8");
            WriteFigures(json, record.Figures);
            json.Number("minCosine", model.Gate.MinCosine);
            json.Number("minTop1Agreement", model.Gate.MinTop1Agreement);
            json.WriteBoolean("goodEnough", fault is null);
            WriteKey(json, record);
            json.WriteEndObject();
        });

    private static void WriteFigures(Utf8JsonWriter json, RecordedFigures figures)
    {
        json.WriteString("mode", figures.Mode.ToString());
        json.WriteString("comparedOn", figures.ComparedOn.ToString());
        json.WriteNumber("sourceBytes", figures.SourceBytes);
        json.WriteNumber("int8Bytes", figures.DestinationBytes);
        json.Number("cosine", figures.Cosine);
        json.Number("top1Agreement", figures.Top1Agreement);
        json.WriteNumber("convolutionsQuantized", figures.Quantized);
        json.WriteNumber("convolutions", figures.Convolutions);
        json.WriteNumber("pictures", figures.Pictures);
        json.WriteNumber("seconds", Math.Round(figures.Seconds, 3));
        json.WriteStartArray("warnings");
        foreach (string warning in figures.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
    }

    private static void WriteKey(Utf8JsonWriter json, BuildRecord record)
    {
        json.WriteString("sha256", record.OutputHash);
        json.WriteStartObject("madeOf");
        foreach ((string name, string value) in record.Parts.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
