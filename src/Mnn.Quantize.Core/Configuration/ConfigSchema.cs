using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mnn.Quantize.Configuration;

/// <summary>The JSON schema of <c>quant.json</c>, for completion and checks in editors.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema (draft 7), indented, with a line feed at its end.</summary>
    public static string Text()
    {
        var properties = new JsonObject();
        foreach (ConfigKey key in ConfigKeys.All)
        {
            properties[key.Name] = key.Schema();
        }

        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "quant.json of Mnn.Quantize",
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. ConfigKeys.All.Where(k => k.IsRequired).Select(k => (JsonNode?)k.Name)]),
            ["additionalProperties"] = false,

            // Visual Studio Code's own word for what the parser accepts too.
            ["allowTrailingCommas"] = true,
        };
        return schema.ToJsonString(Indented) + "\n";
    }
}
