using System.Reflection;
using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>What all tests share: the folder with the packed package, and packages extracted once.</summary>
[TestClass]
public static class TestEnvironment
{
    /// <summary>The folder feed that the test project's build has packed into.</summary>
    internal static string Feed { get; } = Path.Combine(AppContext.BaseDirectory, "feed");

    /// <summary>The version in the feed.</summary>
    internal static string Version { get; } = Path
        .GetFileNameWithoutExtension(Directory.GetFiles(Feed, "Mnn.Quantize.Core.*.nupkg").Single())["Mnn.Quantize.Core.".Length..];

    /// <summary>
    /// The folder into which the test project's own restore has put packages: a feed with what the SDK needs of them to publish
    /// trimmed apps.
    /// </summary>
    internal static string RuntimePacks { get; } = typeof(TestEnvironment).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "NuGetPackageRoot").Value!;

    /// <summary>Full path of one of the packages.</summary>
    internal static string Package(string id, string feed = "feed") =>
        Path.Combine(AppContext.BaseDirectory, feed, $"{id}.{Version}.nupkg");

    /// <summary>The sample, whose model and pictures the tests borrow.</summary>
    internal static string Sample { get; } = Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../samples/AppWithModel"));

    /// <summary>Below it all projects of this run lie: a name with blanks and letters beyond ASCII.</summary>
    internal static string Root { get; private set; } = "";

    /// <summary>A package folder of this run alone: that of the user may hold an older package of the same version.</summary>
    internal static string Packages => Path.Combine(Root, "packages");

    [AssemblyInitialize]
    public static void CreateRoot(TestContext context) =>
        Root = Directory.CreateTempSubdirectory("mnnq café ").FullName;

    [AssemblyCleanup]
    public static void DeleteRoot() => Directory.Delete(Root, recursive: true);

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
