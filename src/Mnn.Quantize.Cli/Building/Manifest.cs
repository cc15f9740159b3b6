using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Building;

/// <summary>One model of a project and where its int8 model goes.</summary>
/// <param name="Source">Full path of the float model.</param>
/// <param name="Destination">Full path of the int8 model.</param>
/// <param name="Config">Full path of the config.</param>
internal sealed record ManifestModel(string Source, string Destination, string Config);

/// <summary>
/// What the build asks for, written by the task of <c>Mnn.Quantize.Tasks</c> (<c>ManifestWriter</c>). Plain lines
/// <c>name=value</c>, since the task may use no JSON library; a line <c>[model]</c> begins a model that is quantized,
/// <c>[float]</c> one that the build copies as it is and that stands here only so that the file changes with it.
/// </summary>
internal sealed record Manifest
{
    private const string FirstLine = "mnn-quantize manifest 1";

    /// <summary>Where the list of the files that the models depend on goes.</summary>
    internal required string State { get; init; }

    /// <summary>Folder of the cache of int8 models, or empty for none.</summary>
    internal required string Store { get; init; }

    internal required IReadOnlyList<ManifestModel> Models { get; init; }

    /// <exception cref="QuantizeException">The file is missing or malformed.</exception>
    internal static Manifest Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllLines(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandErrors.ManifestUnreadable(file, exception);
        }
    }

    private static Manifest Parse(string file, string[] lines)
    {
        if (lines.Length == 0 || lines[0] != FirstLine)
        {
            throw CommandErrors.ManifestMalformed(file, 1, lines.FirstOrDefault(""), $"'{FirstLine}'");
        }

        List<Section> sections = Split(file, lines);
        return new Manifest
        {
            State = sections[0].Value("state"),
            Store = sections[0].Value("store"),
            Models =
            [
                .. sections.Where(section => section.Name == "[model]").Select(section => new ManifestModel(
                    section.Value("source"), section.Value("destination"), section.Value("config"))),
            ],
        };
    }

    private static List<Section> Split(string file, string[] lines)
    {
        List<Section> sections = [new Section(file, "the head", 1)];
        for (int i = 1; i < lines.Length; i++)
        {
            int equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            if (lines[i] is "[model]" or "[float]")
            {
                sections.Add(new Section(file, lines[i], i + 1));
            }
            else if (equals > 0)
            {
                sections[^1].Values[lines[i][..equals]] = lines[i][(equals + 1)..];
            }
            else
            {
                throw CommandErrors.ManifestMalformed(file, i + 1, lines[i], "name=value, [model] or [float]");
            }
        }

        return sections;
    }

    private sealed record Section(string File, string Name, int Line)
    {
        internal Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

        internal string Value(string name) => Values.TryGetValue(name, out string? value)
            ? value
            : throw CommandErrors.ManifestMalformed(File, Line, Name, $"a line '{name}='");
    }
}
