using System.Text.Json;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>
/// The scales of an int8 model as text, in the form of the file <c>MODEL.json</c> that the reference writes beside each
/// model (calibration.cpp, _insertScale and its dump): a list of operators, each with its tensors' scales and zero points.
/// </summary>
internal static class ScaleDump
{
    /// <summary>Makes the dump, UTF-8 JSON.</summary>
    /// <param name="model">A model with scales.</param>
    public static byte[] Of(MnnModel model)
    {
        var scales = new Dictionary<int, TensorQuantInfo>();
        foreach (TensorDescribe describe in model.Net.ExtraTensorDescribe ?? [])
        {
            if (describe.QuantInfo is { } info)
            {
                scales[describe.Index] = info;
            }
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4 }))
        {
            json.WriteStartArray();
            foreach (Op op in (model.Net.Oplists ?? []).Where(o => o.Type != OpType.Raster))
            {
                json.WriteStartObject();
                json.WriteString("name", op.Name ?? "");

                // Of inputs those without a scale are left out; outputs are all there, as the reference does it.
                Write(json, "inputs", [.. (op.InputIndexes ?? []).Where(scales.ContainsKey)], op.InputIndexes, scales);
                Write(json, "outputs", op.OutputIndexes ?? [], op.OutputIndexes, scales);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void Write(
        Utf8JsonWriter json, string name, int[] ids, int[]? all, Dictionary<int, TensorQuantInfo> scales)
    {
        if (all is null or [])
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (int id in ids)
        {
            TensorQuantInfo? info = scales.GetValueOrDefault(id);
            json.WriteStartObject();
            json.WriteNumber("tensorIndex", id);
            json.WriteStartArray("scales");
            json.WriteNumberValue((double)(info?.Scale ?? 0));
            json.WriteEndArray();
            json.WriteStartArray("zeropoint");
            json.WriteNumberValue((double)(info?.Zero ?? 0));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
