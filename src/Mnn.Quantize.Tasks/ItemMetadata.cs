using Microsoft.Build.Framework;

namespace Mnn.Quantize.Tasks;

/// <summary>
/// Tells what a user wrote to configure a model from what is there for other reasons. The command knows the keys of the
/// config; here it is enough to leave out what certainly is none.
/// </summary>
internal static class ItemMetadata
{
    private static readonly HashSet<string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        // Of MnnModel, and what the targets add.
        "Quantize", "Config", "Deploy", "LogicalName", "OutputName", "MinCosine", "MinTop1Agreement", "PackModel",
        "GenerateAccessor", "AccessorName", "Origin", "MatchedFolder", "TargetPath", "Destination", "Enabled",

        // Of any item.
        "Link", "LinkBase", "Visible", "Pack", "PackagePath", "SubType", "DependentUpon", "CustomToolNamespace", "Generator",
        "CopyToOutputDirectory", "CopyToPublishDirectory", "ExcludeFromSingleFile", "OriginalItemSpec",
        "MSBuildSourceProjectFile", "MSBuildSourceTargetName",
    };

    /// <summary>Name and value of the metadata that may be keys of the config, by name.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Settings(ITaskItem item) => item
        .CloneCustomMetadata()
        .Keys
        .Cast<string>()
        .Select(name => new KeyValuePair<string, string>(name, ToOneLine(item.GetMetadata(name))))
        .Where(pair => pair.Value.Length > 0 && !s_known.Contains(pair.Key))
        .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Values may be written over several lines, the manifest's lines are one value each.</summary>
    private static string ToOneLine(string value) => value.Replace('\r', ' ').Replace('\n', ' ').Trim();
}
