using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mnn.Quantize.Tests.Reporting.Reports;

/// <summary>As much of JSON Schema as docs/report.schema.json uses; a keyword that it does not know is a failure.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    /// <summary>What is wrong with a document, as paths with reasons.</summary>
    internal List<string> Check(JsonElement document)
    {
        var faults = new List<string>();
        Check(root, document, "$", faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            string? fault = keyword.Name switch
            {
                "$schema" or "$defs" or "title" or "description" => null,
                "$ref" => Follow(keyword.Value.GetString()!, value, path, faults),
                "type" => HasType(keyword.Value, value) ? null : $"is {value.ValueKind}, not {keyword.Value}",
                "const" => value.ToString() == keyword.Value.ToString() ? null : $"is not {keyword.Value}",
                "enum" => keyword.Value.EnumerateArray().Any(v => v.ToString() == value.ToString()) ? null : $"is not one of {keyword.Value}",
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble() ? null : $"is {value}",
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble() ? null : $"is {value}",
                "pattern" => Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? null : $"is '{value}'",
                "required" => Lacks(keyword.Value, value),
                "items" => Each(keyword.Value, value, path, faults),
                "properties" => Properties(schema, value, path, faults),
                "additionalProperties" => null,
                _ => $"unknown keyword {keyword.Name}",
            };
            if (fault is not null)
            {
                faults.Add($"{path} {fault}");
            }
        }

        if (!schema.TryGetProperty("properties", out _) && schema.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind == JsonValueKind.Object)
        {
            Properties(schema, value, path, faults);
        }
    }

    private string? Follow(string reference, JsonElement value, string path, List<string> faults)
    {
        Check(root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]), value, path, faults);
        return null;
    }

    private string? Each(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        int i = 0;
        foreach (JsonElement item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default)
        {
            Check(schema, item, $"{path}[{i++}]", faults);
        }

        return null;
    }

    private string? Properties(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        foreach (JsonProperty property in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            if (schema.TryGetProperty("properties", out JsonElement known) && known.TryGetProperty(property.Name, out JsonElement inner))
            {
                Check(inner, property.Value, $"{path}.{property.Name}", faults);
            }
            else if (schema.GetProperty("additionalProperties") is { ValueKind: JsonValueKind.Object } others)
            {
                Check(others, property.Value, $"{path}.{property.Name}", faults);
            }
            else
            {
                faults.Add($"{path}.{property.Name} is not in the schema");
            }
        }

        return null;
    }

    private static string? Lacks(JsonElement names, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && names.EnumerateArray().FirstOrDefault(n => !value.TryGetProperty(n.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing
            ? $"lacks {missing}"
            : null;

    private static bool HasType(JsonElement types, JsonElement value) => types.ValueKind == JsonValueKind.Array
        ? types.EnumerateArray().Any(t => HasType(t, value))
        : types.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => false,
        };
}
