using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Tests;

/// <summary>The repository that the tests were built in, for tests that read its files.</summary>
internal static class Repository
{
    internal static string Root { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    internal static string Core { get; } = Path.Combine(Root, "src/Mnn.Quantize.Core");

    /// <summary>The C# files below a folder, without what the build made.</summary>
    internal static IEnumerable<string> SourceFiles(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
