namespace Mnn.Quantize.Cli.Building;

/// <summary>One model of a project and where it goes.</summary>
internal sealed record ManifestModel
{
    /// <summary>Full path of the float model.</summary>
    internal required string Source { get; init; }

    /// <summary>Full path of the file that is deployed.</summary>
    internal required string Destination { get; init; }

    /// <summary>False: the build deploys the float model as it is.</summary>
    internal required bool IsQuantized { get; init; }

    /// <summary>Full path of the config, or empty.</summary>
    internal required string Config { get; init; }

    /// <summary>Full path of the project or props file that has the item.</summary>
    internal string Origin { get; init; } = "";

    /// <summary>The item's metadata that are keys of <c>quant.json</c>, with their values.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of its other metadata, among which a misspelled key may be.</summary>
    internal IReadOnlyList<string> OtherMetadata { get; init; } = [];

    /// <summary>Full paths of the pictures listed as items, or null.</summary>
    internal IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>Full path of the lock file that is written or obeyed; null for neither.</summary>
    internal string? LockFile { get; init; }

    /// <summary>Whether it is obeyed: the model is made of it and the float model alone.</summary>
    internal bool Locked { get; init; }

    /// <summary>What the int8 model has to reach.</summary>
    internal AccuracyGate Gate { get; init; } = new(null, null);

    /// <summary>How code gets at it, or null if no code is asked for.</summary>
    internal ModelAccess? Access { get; init; }

    /// <summary>File name of the model as messages show it.</summary>
    internal string Name => Path.GetFileName(Source);
}

/// <summary>What generated code must know of the place of a model.</summary>
/// <param name="ClassName">Name of its class, such as <c>MobileNetV2</c>.</param>
/// <param name="TargetPath">Path below the output folder, with slashes.</param>
/// <param name="Deploy">Copy, Embed, None or an item type.</param>
/// <param name="ResourceName">Name of the resource, with <c>Embed</c>; empty if the compiler decides.</param>
internal sealed record ModelAccess(string ClassName, string TargetPath, string Deploy, string ResourceName);
