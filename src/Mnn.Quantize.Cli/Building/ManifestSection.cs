using System.Globalization;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Building;

/// <summary>The lines <c>name=value</c> below one heading of a manifest; a name may come several times.</summary>
/// <param name="File">The manifest, for messages.</param>
/// <param name="Name">The heading.</param>
/// <param name="Line">1-based line of the heading.</param>
internal sealed record ManifestSection(string File, string Name, int Line)
{
    private readonly List<(string Name, string Value)> _values = [];

    internal void Add(string name, string value) => _values.Add((name, value));

    /// <exception cref="QuantizeException">There is no such line.</exception>
    internal string Required(string name) => _values.Exists(pair => pair.Name == name)
        ? Optional(name)
        : throw CommandErrors.ManifestMalformed(File, Line, Name, $"a line '{name}='");

    /// <returns>The value, or an empty text.</returns>
    internal string Optional(string name) => _values.Find(pair => pair.Name == name).Value ?? "";

    internal string[] All(string name) => [.. _values.Where(pair => pair.Name == name).Select(pair => pair.Value)];

    /// <exception cref="QuantizeException">The value is no number.</exception>
    internal double? Number(string name)
    {
        string text = Optional(name);
        return text.Length == 0 ? null
            : double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value
            : throw CommandErrors.ManifestMalformed(File, Line, $"{name}={text}", "a number");
    }
}
