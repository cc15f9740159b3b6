using System.Globalization;
using System.Text;
using System.Text.Json;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>One output of a run.</summary>
/// <param name="Value">The array.</param>
/// <param name="File">Where it was written, or null.</param>
/// <param name="Top">Its greatest elements for each element of its batch.</param>
internal sealed record RunOutput(
    TensorValue Value, string? File, IReadOnlyList<IReadOnlyList<(int Index, double Value)>> Top);

/// <summary>What a run says at its end.</summary>
internal static class RunReport
{
    /// <summary>Lines for people.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="milliseconds">Times of the repeated runs, ascending.</param>
    /// <param name="quiet">Leaves out the outputs' shapes.</param>
    internal static string Text(IEnumerable<RunOutput> outputs, double[] milliseconds, bool quiet)
    {
        var text = new StringBuilder();
        foreach ((TensorValue value, string? file, var top) in outputs)
        {
            string arrow = file is null ? "" : $" -> {file}";
            if (!quiet)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{value.Name}: {TypeName(value)} {ShapeText.Of(value.Shape)}{arrow}");
            }

            for (int i = 0; i < top.Count; i++)
            {
                string batch = top.Count > 1 ? $"[{i}]" : "";
                string list = string.Join(", ", top[i].Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Index} ({t.Value:G6})")));
                text.AppendLine(CultureInfo.InvariantCulture, $"{value.Name}{batch} top {top[i].Count}: {list}");
            }
        }

        if (milliseconds.Length > 0)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{milliseconds.Length} runs: median {Median(milliseconds):0.000} ms, least {milliseconds[0]:0.000} ms");
        }

        return text.ToString();
    }

    /// <summary>One JSON object for programs.</summary>
    internal static string Json(IEnumerable<RunOutput> outputs, double[] milliseconds)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("outputs");
            foreach (RunOutput output in outputs)
            {
                Write(json, output);
            }

            json.WriteEndArray();
            if (milliseconds.Length > 0)
            {
                json.WriteNumber("runs", milliseconds.Length);
                json.WriteNumber("medianMilliseconds", Math.Round(Median(milliseconds), 4));
                json.WriteNumber("leastMilliseconds", Math.Round(milliseconds[0], 4));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, RunOutput output)
    {
        json.WriteStartObject();
        json.WriteString("name", output.Value.Name);
        json.WriteString("type", TypeName(output.Value));
        json.WriteStartArray("shape");
        foreach (int extent in output.Value.Shape)
        {
            json.WriteNumberValue(extent);
        }

        json.WriteEndArray();
        if (output.File is not null)
        {
            json.WriteString("file", output.File);
        }

        if (output.Top.Count > 0)
        {
            json.WriteStartArray("top");
            foreach (IReadOnlyList<(int Index, double Value)> batch in output.Top)
            {
                Write(json, batch);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<(int Index, double Value)> batch)
    {
        json.WriteStartArray();
        foreach ((int index, double value) in batch)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            if (double.IsFinite(value))
            {
                json.WriteNumber("value", value);
            }
            else
            {
                json.WriteNull("value");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TypeName(TensorValue value) => value.Type == ElementType.Float32 ? "float32" : "int32";

    private static double Median(double[] sorted) =>
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
