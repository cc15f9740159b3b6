using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mnn.Quantize.Configuration;

/// <summary>Settings as lines that could stand in a <c>quant.json</c>.</summary>
internal static class SettingLines
{
    /// <summary>One line a property, in the order of the names.</summary>
    /// <param name="root">The object.</param>
    public static IReadOnlyList<string> Of(JsonValue root) =>
        [.. root.Properties.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{Text(p.Name)}: {Value(p.Value)}")];

    private static string Value(JsonValue value) => value.Kind switch
    {
        JsonValueKind.Object => "{ " + string.Join(", ", value.Properties.Select(p => $"{Text(p.Name)}: {Value(p.Value)}")) + " }",
        JsonValueKind.Array => "[" + string.Join(", ", value.Items.Select(Value)) + "]",
        JsonValueKind.String => Text(value.Text),
        JsonValueKind.Number => value.Number.ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
