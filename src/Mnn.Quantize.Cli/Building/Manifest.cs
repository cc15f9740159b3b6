using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// What the build asks for, written by the task of <c>Mnn.Quantize.Tasks</c> (<c>ManifestWriter</c>). Plain lines
/// <c>name=value</c>, since the task may use no JSON library; a line <c>[model]</c> begins a model that is quantized,
/// <c>[float]</c> one that the build copies as it is: it stands here so that the file changes with it, and for its code.
/// </summary>
internal sealed record Manifest
{
    private const string FirstLine = "mnn-quantize manifest 1";

    /// <summary>Where the state of the files that the models depend on goes.</summary>
    internal required string State { get; init; }

    /// <summary>Where the plain list of these files goes, for editors; or empty.</summary>
    internal required string Dependencies { get; init; }

    /// <summary>Folder of the cache of int8 models, or empty for none.</summary>
    internal required string Store { get; init; }

    /// <summary>What follows from a model below its thresholds.</summary>
    internal required GateAction GateAction { get; init; }

    /// <summary>Whether a report is written beside each model.</summary>
    internal required bool WantsReport { get; init; }

    /// <summary>Where the C# file that gives access to the models goes, or empty.</summary>
    internal required string AccessorFile { get; init; }

    /// <summary>Namespace of that file, or empty.</summary>
    internal required string Namespace { get; init; }

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

        List<ManifestSection> sections = Split(file, lines);
        ManifestSection head = sections[0];
        return new Manifest
        {
            State = head.Required("state"),
            Dependencies = head.Optional("dependencies"),
            Store = head.Required("store"),
            GateAction = Enum.TryParse(head.Optional("gate"), ignoreCase: true, out GateAction action) ? action : GateAction.Error,
            WantsReport = head.Optional("report") == "true",
            AccessorFile = head.Optional("accessor"),
            Namespace = head.Optional("namespace"),
            Models = [.. sections.Skip(1).Select(section => ToModel(section, head.Optional("lock")))],
        };
    }

    private static ManifestModel ToModel(ManifestSection section, string locking)
    {
        bool quantized = section.Name == "[model]";
        string[] pictures = section.All("picture");
        string[][] metadata = [.. section.All("metadata").Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)];
        return new ManifestModel
        {
            Source = section.Required("source"),
            Destination = section.Required("destination"),
            IsQuantized = quantized,
            Config = quantized ? section.Required("config") : section.Optional("config"),
            Origin = section.Optional("origin"),
            Settings = metadata.Where(IsKey).ToDictionary(pair => pair[0], pair => pair[1]),
            OtherMetadata = [.. metadata.Where(pair => !IsKey(pair)).Select(pair => pair[0])],
            Pictures = pictures.Length > 0 ? pictures : null,
            LockFile = locking.Length > 0 && section.Optional("lockFile") is { Length: > 0 } file ? file : null,
            Locked = locking == "obey",
            Gate = new AccuracyGate(section.Number("minCosine"), section.Number("minTop1Agreement")),
            Access = section.Optional("class") is { Length: > 0 } name
                ? new ModelAccess(
                    name, section.Optional("target"), section.Optional("deploy"), section.Optional("resource"))
                : null,
        };
    }

    /// <summary>An item has all sorts of metadata: those that no key is named after are none of the config's business.</summary>
    private static bool IsKey(string[] pair) => QuantConfigReader.KeyNamed(pair[0]) is not null;

    private static List<ManifestSection> Split(string file, string[] lines)
    {
        List<ManifestSection> sections = [new ManifestSection(file, "the head", 1)];
        for (int i = 1; i < lines.Length; i++)
        {
            int equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            if (lines[i] is "[model]" or "[float]")
            {
                sections.Add(new ManifestSection(file, lines[i], i + 1));
            }
            else if (equals > 0)
            {
                sections[^1].Add(lines[i][..equals], lines[i][(equals + 1)..]);
            }
            else
            {
                throw CommandErrors.ManifestMalformed(file, i + 1, lines[i], "name=value, [model] or [float]");
            }
        }

        return sections;
    }
}
