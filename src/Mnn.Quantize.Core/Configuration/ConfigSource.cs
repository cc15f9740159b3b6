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
    /// <param name="warnings">Takes what is odd but harmless.</param>
    /// <param name="forTraining">Whether the data of the section of training will do, as they do for that mode.</param>
    /// <exception cref="QuantizeException">The file can't be read, a value is wrong, or nothing says where the data are.</exception>
    public QuantConfig Load(ICollection<Diagnostic> warnings, bool forTraining = false)
    {
        QuantConfig config = File.Length > 0
            ? QuantConfigReader.LoadWithoutPath(File, warnings)
            : new QuantConfig { File = SettingsFile.Length > 0 ? SettingsFile : throw Errors.ConfigNotGiven() };
        foreach ((ConfigKey key, JsonValue value) in Values(warnings))
        {
            var written = new ConfigValue(SettingsFile, key.FullName, value);
            config = key.Inner.Count > 0 ? written.Section(config, key.Inner, warnings) : key.Apply(config, written);
        }

        config = config with { Pictures = Pictures };
        bool hasData = config.Path.Length > 0 || Pictures is not null || !NeedsData || config.CompressesOnly
            || ((forTraining || config.Mode == QuantizeMode.Train) && config.Train.Data.Length > 0);
        return hasData ? config : throw Errors.ConfigWithoutPath(config.File, config.Start.Line, config.Start.Column);
    }

    /// <summary>All of it in one spelling: see <see cref="CanonicalSettings"/>.</summary>
    /// <param name="forTraining">Whether the section of training counts whatever the mode is.</param>
    public string Canonical(bool forTraining = false) => CanonicalSettings.Of(Merged(forTraining));

    /// <summary>All but the places as lines for readers: see <see cref="SettingLines"/>.</summary>
    public IReadOnlyList<string> Lines() => SettingLines.Of(CanonicalSettings.WithoutPlaces(Merged()));

    /// <summary>What the run of one sample depends on, in one spelling: see <see cref="CanonicalSettings.OfSamples"/>.</summary>
    public string CanonicalOfSamples() => CanonicalSettings.OfSamples(Merged());

    // Nothing else than training depends on its section, which a property of the build may add to any model.
    private JsonValue Merged(bool forTraining = false)
    {
        JsonValue root = File.Length > 0 ? CanonicalSettings.Parse(File) : new JsonValue(JsonValueKind.Object, 0, 0);
        List<(string Name, JsonValue NameAt, JsonValue Value)> properties = [.. root.Properties];
        foreach ((ConfigKey key, JsonValue value) in Values([]))
        {
            Put(properties, key, value);
        }

        if (!forTraining && !IsTraining(properties.LastOrDefault(property => property.Name == "mode").Value))
        {
            properties.RemoveAll(property => property.Name == TrainKeys.Section);
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

    private static bool IsTraining(JsonValue? mode) =>
        mode is not null && ConfigKeys.Modes.Read(new ConfigValue("", "mode", mode)) == QuantizeMode.Train;

    // A section that is given whole adds to that of the file key by key, as it does when it is applied.
    private static void Put(List<(string Name, JsonValue NameAt, JsonValue Value)> properties, ConfigKey key, JsonValue value)
    {
        string top = key.Section.Length > 0 ? key.Section : key.Name;
        JsonValue? old = properties.LastOrDefault(property => property.Name == top).Value;
        properties.RemoveAll(property => property.Name == top);
        if (key.Section.Length > 0 || key.Inner.Count > 0)
        {
            List<(string, JsonValue, JsonValue)> added = key.Inner.Count > 0 ? [.. value.Properties] : [(key.Name, value, value)];
            value = new JsonValue(JsonValueKind.Object, 0, 0)
            {
                Properties = [.. (old?.Properties ?? []).Where(property => !added.Exists(a => a.Item1 == property.Name)), .. added],
            };
        }

        properties.Add((top, value, value));
    }

    /// <summary>A relative path is relative to the file that has it, not to the config.</summary>
    private JsonValue Rooted(ConfigKey key, JsonValue value)
    {
        if (key.Inner.Count > 0)
        {
            return value with { Properties = [.. value.Properties.Select(p => (p.Name, p.NameAt, RootedInner(key, p.Name, p.Value)))] };
        }

        bool isPlace = key.Section.Length > 0 ? TrainKeys.Places.Contains(key.Name)
            : key.Name == "path" || (key.Name == "labels" && value.Text != QuantConfig.LabelledByFolders);
        return isPlace && value.Kind == JsonValueKind.String
            ? value with
            {
                Text = Path.GetFullPath(
                    value.Text.Replace('\\', Path.DirectorySeparatorChar), Path.GetDirectoryName(Path.GetFullPath(SettingsFile))!),
            }
            : value;
    }

    private JsonValue RootedInner(ConfigKey section, string name, JsonValue value) =>
        section.Inner.FirstOrDefault(key => key.Name == name) is { } key ? Rooted(key, value) : value;
}
