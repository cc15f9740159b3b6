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
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "quant.json of Mnn.Quantize",
            ["type"] = "object",
            ["properties"] = Properties(ConfigKeys.All),
            ["anyOf"] = new JsonArray(
                new JsonObject { ["required"] = Required(ConfigKeys.All) },
                new JsonObject
                {
                    ["required"] = new JsonArray(TrainKeys.Section),
                    ["properties"] = new JsonObject { [TrainKeys.Section] = new JsonObject { ["required"] = Required(TrainKeys.All) } },
                },
                new JsonObject
                {
                    ["required"] = new JsonArray("mode"),
                    ["properties"] = new JsonObject { ["mode"] = new JsonObject { ["enum"] = new JsonArray("weight_only", "fp16") } },
                }),
            ["additionalProperties"] = false,

            // Visual Studio Code's own word for what the parser accepts too.
            ["allowTrailingCommas"] = true,
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    /// <summary>An object of keys, none of which must be there.</summary>
    public static JsonObject Object(IEnumerable<ConfigKey> keys) => new()
    {
        ["type"] = "object",
        ["properties"] = Properties(keys),
        ["additionalProperties"] = false,
    };

    private static JsonArray Required(IEnumerable<ConfigKey> keys) =>
        [.. keys.Where(k => k.IsRequired).Select(k => (JsonNode?)k.Name)];

    private static JsonObject Properties(IEnumerable<ConfigKey> keys)
    {
        var properties = new JsonObject();
        foreach (ConfigKey key in keys)
        {
            properties[key.Name] = key.Schema();
        }

        return properties;
    }
}
