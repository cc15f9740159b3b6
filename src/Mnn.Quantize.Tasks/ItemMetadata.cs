using System.Collections;
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
        "GenerateAccessor", "AccessorName", "LockFile", "Origin", "MatchedFolder", "TargetPath", "Destination", "Enabled",

        // Of any item.
        "Link", "LinkBase", "Visible", "Pack", "PackagePath", "SubType", "DependentUpon", "CustomToolNamespace", "Generator",
        "CopyToOutputDirectory", "CopyToPublishDirectory", "ExcludeFromSingleFile", "OriginalItemSpec",
        "MSBuildSourceProjectFile", "MSBuildSourceTargetName",
    };

    /// <summary>The metadata that may be keys of the config, each as <c>name=value</c>, in one order.</summary>
    /// <remarks>A loop over plain text: a build in which nothing changed spends its time on compiling code, not on running it.</remarks>
    internal static List<string> Settings(ITaskItem item)
    {
        var lines = new List<string>();
        foreach (DictionaryEntry metadatum in item.CloneCustomMetadata())
        {
            string name = (string)metadatum.Key;
            string value = ToOneLine((string)metadatum.Value);
            if (value.Length > 0 && !s_known.Contains(name))
            {
                lines.Add($"{name}={value}");
            }
        }

        lines.Sort(StringComparer.OrdinalIgnoreCase);
        return lines;
    }

    /// <summary>Values may be written over several lines, the manifest's lines are one value each.</summary>
    private static string ToOneLine(string value) => value.Replace('\r', ' ').Replace('\n', ' ').Trim();
}
