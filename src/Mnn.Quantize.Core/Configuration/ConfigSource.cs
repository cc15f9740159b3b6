using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>Where a run's settings come from: a config, values that go before it, or values alone.</summary>
/// <param name="File">The <c>quant.json</c>; empty for none.</param>
/// <param name="Settings">Key of <c>quant.json</c> to value as text: see <see cref="SettingText"/>.</param>
/// <param name="SettingsFile">The file that has the settings, for messages and as the root of a relative path in them.</param>
/// <param name="Pictures">Full paths of pictures that take the place of <c>path</c>, or null.</param>
internal sealed record ConfigSource(
    string File, IReadOnlyDictionary<string, string> Settings, string SettingsFile, IReadOnlyList<string>? Pictures)
{
    /// <summary>Whether it is an error if nothing says where the data are.</summary>
    public bool NeedsData { get; init; } = true;

    /// <summary>The settings that count.</summary>
    /// <exception cref="QuantizeException">The file can't be read, a value is wrong, or nothing says where the data are.</exception>
    public QuantConfig Load(ICollection<Diagnostic> warnings)
    {
        QuantConfig config = File.Length > 0
            ? QuantConfigReader.LoadWithoutPath(File, warnings)
            : new QuantConfig { File = SettingsFile.Length > 0 ? SettingsFile : throw Errors.ConfigNotGiven() };
        foreach ((ConfigKey key, JsonValue value) in Values(warnings))
        {
            config = key.Apply(config, new ConfigValue(SettingsFile, key.Name, value));
        }

        config = config with { Pictures = Pictures };
        return config.Path.Length > 0 || Pictures is not null || !NeedsData ? config : throw Errors.ConfigWithoutPath(config.File, config.Start.Line, config.Start.Column);
    }

    /// <summary>All of it in one spelling: see <see cref="CanonicalSettings"/>.</summary>
    public string Canonical() => CanonicalSettings.Of(Merged());

    /// <summary>All but the places as lines for readers: see <see cref="SettingLines"/>.</summary>
    public IReadOnlyList<string> Lines() => SettingLines.Of(CanonicalSettings.WithoutPlaces(Merged()));

    /// <summary>What the run of one sample depends on, in one spelling: see <see cref="CanonicalSettings.OfSamples"/>.</summary>
    public string CanonicalOfSamples() => CanonicalSettings.OfSamples(Merged());

    private JsonValue Merged()
    {
        JsonValue root = File.Length > 0 ? CanonicalSettings.Parse(File) : new JsonValue(JsonValueKind.Object, 0, 0);
        List<(string Name, JsonValue NameAt, JsonValue Value)> properties = [.. root.Properties];
        foreach ((ConfigKey key, JsonValue value) in Values([]))
        {
            properties.RemoveAll(property => property.Name == key.Name);
            properties.Add((key.Name, value, value));
        }

        return root with { Properties = properties };
    }

    // Where no config says how, and no setting either, it is found out.
    private bool ChoosesByItself => File.Length == 0
        && !Settings.Keys.Select(SettingText.FindKey).Any(key => key?.Name is "mode" or "feature_quantize_method" or "repair");

    private IEnumerable<(ConfigKey Key, JsonValue Value)> Values(ICollection<Diagnostic> warnings)
    {
        if (ChoosesByItself && SettingText.FindKey("mode") is { } mode)
        {
            yield return (mode, SettingText.Read(mode, "auto", SettingsFile));
        }

        foreach ((string name, string text) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            if (SettingText.FindKey(name) is { } key)
            {
                yield return (key, Rooted(key, SettingText.Read(key, text, SettingsFile)));
            }
            else
            {
                string? near = NearestName.Find(name, ConfigKeys.All.Select(known => known.Name));
                warnings.Add(Warnings.ConfigUnknownKey(SettingsFile, 0, 0, name, near));
            }
        }
    }

    /// <summary>A relative path is relative to the file that has it, not to the config.</summary>
    private JsonValue Rooted(ConfigKey key, JsonValue value) => (key.Name == "path" || (key.Name == "labels" && value.Text != "folders")) && value.Kind == JsonValueKind.String
        ? value with
        {
            Text = Path.GetFullPath(
                value.Text.Replace('\\', Path.DirectorySeparatorChar), Path.GetDirectoryName(Path.GetFullPath(SettingsFile))!),
        }
        : value;
}
