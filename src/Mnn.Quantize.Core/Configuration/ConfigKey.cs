using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mnn.Quantize.Configuration;

/// <summary>One key of <c>quant.json</c>.</summary>
internal sealed record ConfigKey
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    // What only the documentation and the schema ask for is made when they do: each run makes all keys.
    private readonly Func<string> _type;
    private readonly Func<JsonObject> _schema;
    private readonly Func<JsonNode?> _default;
    private readonly string? _absent;

    private ConfigKey(
        string name,
        Func<string> type,
        string summary,
        Func<QuantConfig, ConfigValue, QuantConfig> apply,
        Func<JsonObject> schema,
        Func<JsonNode?> defaultValue)
    {
        (Name, Summary, Apply, _type, _schema, _default) = (name, summary, apply, type, schema, defaultValue);
    }

    /// <summary>The key.</summary>
    public string Name { get; }

    /// <summary>What it takes, in words.</summary>
    public string Type => _type();

    /// <summary>What it does, in words.</summary>
    public string Summary { get; }

    /// <summary>The section that it belongs to; empty at the top.</summary>
    public string Section { get; private init; } = "";

    /// <summary>The keys in it, if it is a section.</summary>
    public IReadOnlyList<ConfigKey> Inner { get; private init; } = [];

    /// <summary>Its name with that of its section, such as <c>train.epochs</c>.</summary>
    public string FullName => Section.Length > 0 ? $"{Section}.{Name}" : Name;

    /// <summary>Its default as it would be written, or in words where none can be written.</summary>
    public string Default
    {
        get => _absent ?? _default()?.ToJsonString(OneLine) ?? "";
        private init => _absent = value;
    }

    /// <summary>True if the reference's tool does not know it.</summary>
    public bool IsExtension { get; private init; }

    /// <summary>True if a config without it is refused; that with data to train with needs none for calibration.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>Puts a value into a config.</summary>
    public Func<QuantConfig, ConfigValue, QuantConfig> Apply { get; }

    /// <summary>A key whose default is what <see cref="QuantConfig"/> starts with.</summary>
    /// <param name="name">The key.</param>
    /// <param name="type">What it takes.</param>
    /// <param name="get">Reads it from a config.</param>
    /// <param name="set">Puts it into a config.</param>
    /// <param name="summary">What it does.</param>
    public static ConfigKey Of<T>(
        string name, ConfigType<T> type, Func<QuantConfig, T> get, Func<QuantConfig, T, QuantConfig> set, string summary) =>
        new(
            name, () => type.Words, summary, (c, v) => set(c, type.Read(v)), type.Schema,
            () => type.Write(get(new QuantConfig())));

    /// <summary>A key whose absence means something that no value says.</summary>
    /// <param name="name">The key.</param>
    /// <param name="type">What it takes.</param>
    /// <param name="absent">What its absence means, in words.</param>
    /// <param name="set">Puts it into a config.</param>
    /// <param name="summary">What it does.</param>
    public static ConfigKey Open<T>(
        string name, ConfigType<T> type, string absent, Func<QuantConfig, T, QuantConfig> set, string summary) =>
        new(name, () => type.Words, summary, (c, v) => set(c, type.Read(v)), type.Schema, () => null) { Default = absent };

    /// <summary>A key with keys of its own in it.</summary>
    /// <param name="name">The key.</param>
    /// <param name="inner">The keys in it.</param>
    /// <param name="summary">What it does.</param>
    public static ConfigKey OfSection(string name, IReadOnlyList<ConfigKey> inner, string summary) =>
        new(
            name, () => "object", summary, (c, v) => v.Section(c, inner, []), () => ConfigSchema.Object(inner), () => null)
        {
            Default = "{}",
            Inner = inner,
        };

    /// <summary>The same key, as one of a section.</summary>
    public ConfigKey In(string section) => this with { IsExtension = true, Section = section };

    /// <summary>The same key, marked as one that the reference's tool does not know.</summary>
    public ConfigKey AsExtension() => this with { IsExtension = true };

    /// <summary>The same key, marked as one that must be there.</summary>
    /// <param name="absent">What is said of it where others have their default.</param>
    public ConfigKey AsRequired(string absent = "required") => this with { Default = absent, IsRequired = true };

    /// <summary>What the JSON schema says of its value.</summary>
    public JsonObject Schema()
    {
        JsonObject schema = _schema();
        schema["description"] = Summary;
        if (_default() is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }
}
