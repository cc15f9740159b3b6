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
        .GetFileNameWithoutExtension(Directory.GetFiles(Feed, "Mnn.Quantize.*.nupkg").Single())["Mnn.Quantize.".Length..];

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
