using System.Text.Json;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// The <c>input.json</c> of the reference's sample folders:
/// <c>{ "inputs": [ { "name": "data0", "shape": [1, 16] } ] }</c>.
/// </summary>
internal static class InputShapes
{
    /// <summary>Reads a file.</summary>
    /// <returns>Shape by input name, for the inputs that it gives one.</returns>
    /// <exception cref="QuantizeException">The file can't be read, is no JSON, or says something else.</exception>
    public static Dictionary<string, int[]> Read(string file)
    {
        JsonValue root = JsonValue.Parse(SampleBytes.Read(file), file);
        JsonValue? list = root.Kind == JsonValueKind.Object
            ? root.Properties.LastOrDefault(p => p.Name == "inputs").Value
            : null;
        if (list is null)
        {
            throw Errors.InputShapesMalformed(file, root.Line, root.Column);
        }

        var shapes = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (InputConfig input in new ConfigValue(file, "inputs", list).Inputs().Where(i => i.Shape is not null))
        {
            shapes[input.Name] = [.. input.Shape!];
        }

        return shapes;
    }
}
