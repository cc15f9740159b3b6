using System.Globalization;
using System.Text;
using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>
/// Values of <c>quant.json</c> as people write them outside JSON: <c>RGB</c>, <c>224</c>, <c>127.5;127.5;127.5</c>, or JSON
/// itself. What a text stands for depends on what the key takes: <c>7</c> is a number for a width, a list of one for a mean,
/// a list of one name for the operators to skip.
/// </summary>
internal static class SettingText
{
    private static readonly char[] s_separators = [';', ','];

    /// <summary>
    /// The key of a name: <c>feature_quantize_method</c>, <c>FeatureQuantizeMethod</c>, for one of a section
    /// <c>TrainEpochs</c>; null if there is none.
    /// </summary>
    public static ConfigKey? FindKey(string name) => ConfigKeys.All
        .Where(key => key.Name is not ("$schema" or "model"))
        .Concat(ConfigKeys.All.SelectMany(key => key.Inner))
        .FirstOrDefault(key => Plain(key.FullName).Equals(Plain(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>A key as it is written outside of JSON: without underscores, with its section before it.</summary>
    public static string Plain(ConfigKey key) => Plain(key.FullName);

    /// <summary>The value that a text stands for.</summary>
    /// <param name="key">Whose value.</param>
    /// <param name="text">As written.</param>
    /// <param name="file">Where it is written, for messages.</param>
    /// <exception cref="QuantizeException">The key takes no such value.</exception>
    public static JsonValue Read(ConfigKey key, string text, string file)
    {
        string trimmed = text.Trim();
        JsonValue[] readings = trimmed is ['[' or '{' or '"', ..] ? [Json(key, trimmed, file)] : [.. Readings(trimmed)];
        return readings.FirstOrDefault(reading => WhyNot(key, reading, file) is null) is { } good
            ? good
            : throw WhyNot(key, readings[0], file)!;
    }

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);

    private static QuantizeException? WhyNot(ConfigKey key, JsonValue value, string file)
    {
        try
        {
            key.Apply(new QuantConfig(), new ConfigValue(file, key.FullName, value));
            return null;
        }
        catch (QuantizeException e)
        {
            return e;
        }
    }

    private static JsonValue Json(ConfigKey key, string text, string file)
    {
        try
        {
            return JsonValue.Parse(Encoding.UTF8.GetBytes(text), file);
        }
        catch (QuantizeException e)
        {
            throw Errors.SettingNotJson(file, key.FullName, e.Diagnostic.Message, e);
        }
    }

    /// <summary>The most specific first; which of them the key takes decides.</summary>
    private static IEnumerable<JsonValue> Readings(string text)
    {
        if (Scalar(text) is { } scalar)
        {
            yield return scalar;
        }

        yield return String(text);
        string[] parts = text.Split(s_separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        yield return new JsonValue(JsonValueKind.Array, 0, 0) { Items = [.. parts.Select(part => Scalar(part) ?? String(part))] };
        yield return new JsonValue(JsonValueKind.Array, 0, 0) { Items = [.. parts.Select(String)] };
    }

    private static JsonValue? Scalar(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? new JsonValue(JsonValueKind.True, 0, 0)
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? new JsonValue(JsonValueKind.False, 0, 0)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? new JsonValue(JsonValueKind.Number, 0, 0) { Number = number }
            : null;

    private static JsonValue String(string text) => new(JsonValueKind.String, 0, 0) { Text = text };
}
