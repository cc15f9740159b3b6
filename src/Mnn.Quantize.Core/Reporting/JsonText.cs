using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Writes JSON documents with what JSON lacks.</summary>
internal static class JsonText
{
    /// <summary>One indented object, with a line end.</summary>
    /// <param name="write">Writes the members.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Object(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();

        // No HTML is made of it: names stay readable.
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>One object on one line, without a line end.</summary>
    /// <param name="write">Writes the members.</param>
    public static string Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>An array of objects.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A number; null for none and for what JSON has no number for: infinity and NaN.</summary>
    public static void Number(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>An array of numbers on one line; null for what JSON has no number for.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", values.Select(Text))}]");

        static string Text(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";
    }

    /// <summary>What two tensors differ by, as members of the object that is open.</summary>
    public static void Errors(this Utf8JsonWriter json, ErrorFigures errors)
    {
        json.Number("cosine", errors.Cosine);
        json.Number("lowestCosine", errors.LowestCosine);
        json.Number("meanAbsoluteError", errors.MeanError);
        json.Number("maxAbsoluteError", errors.MaxError);
        json.Number("snrDb", errors.SignalToNoise);
        json.Number("overflow", errors.Overflow);
        json.WriteNumber("notComparable", errors.NotComparable);
    }

    /// <summary>Dimensions; null for none.</summary>
    public static void Shape(this Utf8JsonWriter json, string name, IReadOnlyList<int>? shape)
    {
        if (shape is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (int extent in shape)
        {
            json.WriteNumberValue(extent);
        }

        json.WriteEndArray();
    }

    /// <summary>Diagnostics as canonical lines.</summary>
    public static void Lines(this Utf8JsonWriter json, string name, IEnumerable<Diagnostics.Diagnostic> diagnostics)
    {
        json.WriteStartArray(name);
        foreach (Diagnostics.Diagnostic diagnostic in diagnostics)
        {
            json.WriteStringValue(diagnostic.ToString());
        }

        json.WriteEndArray();
    }
}
