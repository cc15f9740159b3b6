using System.Text.RegularExpressions;

namespace Mnn.Quantize.Tests;

/// <summary>The rooms of the engine and who may use whom: docs/architecture.md.</summary>
[TestClass]
public sealed partial class ArchitectureTests
{
    private static readonly string[] s_upToInference = ["Diagnostics", "Kernels", "FlatBuffers", "Model", "Inference"];
    private static readonly string[] s_upToCalibration = [.. s_upToInference, "Imaging", "Configuration", "Data", "Calibration"];
    private static readonly string[] s_upToQuantization = [.. s_upToCalibration, "Quantization"];
    private static readonly string[] s_upToVerification = [.. s_upToQuantization, "Verification"];

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Diagnostics"] = [],
        ["Kernels"] = [],
        ["FlatBuffers"] = ["Diagnostics"],
        ["Model"] = ["FlatBuffers", "Diagnostics"],
        ["Imaging"] = ["Kernels", "Diagnostics"],
        ["Configuration"] = ["Imaging", "Diagnostics"],
        ["Inference"] = s_upToInference,
        ["Data"] = [.. s_upToInference, "Imaging", "Configuration"],
        ["Calibration"] = s_upToCalibration,
        ["Quantization"] = s_upToQuantization,
        ["Training"] = s_upToQuantization,
        ["Verification"] = s_upToVerification,
        ["Reporting"] = [.. s_upToVerification, "Reporting"],
    };

    public static IEnumerable<string> Rooms => Directory
        .GetDirectories(Repository.Core)
        .Select(folder => Path.GetFileName(folder))
        .Where(name => name is not ("bin" or "obj"));

    [TestMethod]
    [DynamicData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_above_it(string room)
    {
        Assert.IsTrue(s_mayUse.TryGetValue(room, out string[]? allowed), $"Room {room} has no place in the order: add it here and in docs/architecture.md.");

        string[] wrong =
        [
            .. from file in Repository.SourceFiles(Path.Combine(Repository.Core, room))
               from Match use in RoomName().Matches(File.ReadAllText(file))
               let used = use.Groups["room"].Value
               where used != room && s_mayUse.ContainsKey(used) && !allowed.Contains(used)
               select $"{Path.GetRelativePath(Repository.Core, file)} uses {used}",
        ];

        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }

    [TestMethod]
    public void Each_file_is_in_the_namespace_of_its_room()
    {
        string[] wrong =
        [
            .. from file in Repository.SourceFiles(Repository.Core)
               let parts = Path.GetRelativePath(Repository.Core, file).Split(Path.DirectorySeparatorChar)
               let expected = parts.Length == 1 ? "Mnn.Quantize" : "Mnn.Quantize." + parts[0]
               let declared = NamespaceName().Match(File.ReadAllText(file)).Groups["name"].Value
               where declared != expected && !(parts.Length > 1 && declared.StartsWith(expected + ".", StringComparison.Ordinal))
               select $"{string.Join('/', parts)} is in {declared}",
        ];

        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>In <c>using</c> lines and in names spelled out.</summary>
    [GeneratedRegex(@"(?<!namespace )\bMnn\.Quantize\.(?<room>\w+)")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceName();
}
