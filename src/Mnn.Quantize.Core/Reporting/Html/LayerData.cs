using System.Text;
using System.Text.Json;
using Mnn.Quantize.Verification;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Reporting.Html;

/// <summary>
/// What the script of the page knows of each layer, under names of one or two letters, in the order of the rows. The
/// writer's own encoder escapes all that could end the script element.
/// </summary>
internal static class LayerData
{
    public static string Json(IReadOnlyList<LayerReport> layers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (LayerReport layer in layers)
            {
                json.WriteStartObject();
                Write(json, layer);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, LayerReport layer)
    {
        json.WriteString("n", layer.Name);
        json.WriteString("t", layer.Type);
        if (layer.Tensor != layer.Name)
        {
            json.WriteString("x", layer.Tensor);
        }

        json.WriteString("s", ReportNumbers.Shape(layer.Shape));
        json.WriteNumber("r", layer.RunsInt8 ? 1 : 0);
        json.WriteString("w", layer.Reason);
        if (layer.WeightBits is { } bits)
        {
            json.WriteNumber("b", bits);
        }

        json.WriteNumber("fb", layer.FloatBytes);
        json.WriteNumber("ib", layer.Int8Bytes);
        json.WriteNumber("mac", layer.MultiplyAccumulates);
        Errors(json, layer.Errors);
        Number(json, "se", layer.Sensitivity);
        if (layer.Scale is { } scale && layer.Range is { } range)
        {
            json.WriteStartArray("q");
            json.WriteNumberValue(scale);
            json.WriteNumberValue(layer.ZeroPoint);
            json.WriteNumberValue(range.Low);
            json.WriteNumberValue(range.High);
            json.WriteEndArray();
        }

        if (layer.Histogram is { } histogram)
        {
            Write(json, histogram);
        }
    }

    private static void Errors(Utf8JsonWriter json, ErrorFigures errors)
    {
        Number(json, "c", Math.Round(errors.Cosine, 9));
        Number(json, "l", Math.Round(errors.LowestCosine, 9));
        Number(json, "e", errors.MeanError);
        Number(json, "m", errors.MaxError);
        Number(json, "d", errors.SignalToNoise);
        Number(json, "o", errors.Overflow);
    }

    private static void Write(Utf8JsonWriter json, LayerHistogram histogram)
    {
        json.WriteStartArray("h");
        json.WriteNumberValue((float)histogram.Low);
        json.WriteNumberValue((float)histogram.High);
        json.WriteNumberValue(histogram.Min);
        json.WriteNumberValue(histogram.Max);
        json.WriteEndArray();
        double greatest = Math.Max(histogram.Float.Max(), histogram.Int8.Max());
        Heights(json, "hf", Svg.LogHeights(histogram.Float, greatest));
        Heights(json, "hi", Svg.LogHeights(histogram.Int8, greatest));
    }

    private static void Heights(Utf8JsonWriter json, string name, int[] heights)
    {
        json.WriteStartArray(name);
        foreach (int height in heights)
        {
            json.WriteNumberValue(height);
        }

        json.WriteEndArray();
    }

    // Five significant digits keep the file small. What JSON has no number for is a text that tells the sign.
    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else if (value is { } other && !double.IsNaN(other))
        {
            json.WriteString(name, other > 0 ? "inf" : "-inf");
        }
    }
}
