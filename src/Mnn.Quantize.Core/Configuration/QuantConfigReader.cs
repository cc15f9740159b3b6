using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>Reads <c>quant.json</c> files.</summary>
public static class QuantConfigReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warnings">Takes what is odd but harmless, such as unknown keys.</param>
    /// <exception cref="QuantizeException">The file can't be read, is no JSON, or a key has a wrong value.</exception>
    public static QuantConfig Load(string path, ICollection<Diagnostic> warnings) =>
        RequirePath(LoadWithoutPath(path, warnings));

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="path">Where it is from: for messages, and as the root of its relative paths.</param>
    /// <param name="warnings">Takes what is odd but harmless, such as unknown keys.</param>
    /// <exception cref="QuantizeException">It is no JSON, or a key has a wrong value.</exception>
    public static QuantConfig Parse(ReadOnlySpan<byte> utf8, string path, ICollection<Diagnostic> warnings) =>
        RequirePath(ParseWithoutPath(utf8, path, warnings));

    /// <summary>The key of <c>quant.json</c> that a name such as <c>FeatureQuantizeMethod</c> stands for.</summary>
    /// <param name="name">In any case, with or without underscores.</param>
    /// <returns>The key as written in the config, or null if there is none.</returns>
    public static string? KeyNamed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SettingText.FindKey(name)?.FullName;
    }

    /// <summary>The key that a misspelled name comes nearest to.</summary>
    /// <param name="name">A name that is no key.</param>
    /// <returns>The key without underscores, or null if none is near.</returns>
    public static string? NearestKey(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NearestName.Find(
            name, ConfigKeys.All.Concat(ConfigKeys.All.SelectMany(key => key.Inner)).Select(SettingText.Plain));
    }

    /// <summary>Reads a file that need not say where the data are.</summary>
    internal static QuantConfig LoadWithoutPath(string path, ICollection<Diagnostic> warnings)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ConfigUnreadable(path, File.Exists(path) ? e.Message : "there is no such file", e);
        }

        return ParseWithoutPath(bytes, path, warnings);
    }

    private static QuantConfig RequirePath(QuantConfig config) =>
        config.Path.Length > 0 || config.Train.Data.Length > 0 || config.CompressesOnly ? config : throw Errors.ConfigWithoutPath(config.File, config.Start.Line, config.Start.Column);

    private static QuantConfig ParseWithoutPath(ReadOnlySpan<byte> utf8, string path, ICollection<Diagnostic> warnings)
    {
        ArgumentNullException.ThrowIfNull(warnings);
        JsonValue root = JsonValue.Parse(utf8, path);
        if (root.Kind != JsonValueKind.Object)
        {
            throw Errors.ConfigNotJson(path, root.Line, root.Column, $"expected an object, found {root.Describe()}");
        }

        var start = new QuantConfig { File = path, Start = (root.Line, root.Column) };
        return new ConfigValue(path, "", root).Section(start, ConfigKeys.All, warnings);
    }
}
