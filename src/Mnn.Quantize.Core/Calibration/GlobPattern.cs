using System.IO.Enumeration;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// A path with wildcards: <c>*</c> any characters and <c>?</c> one character of a name, <c>**</c> any number of folders.
/// Case does not count, on any system, so that a pattern finds the same files everywhere; names that begin with a dot are
/// not looked at. A pattern that ends in <c>/</c> finds folders, any other one finds files.
/// </summary>
internal sealed class GlobPattern
{
    private const string AnyFolders = "**";

    private readonly string[] _segments;
    private readonly bool _findsFolders;
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _visited = new(StringComparer.Ordinal);

    /// <summary>Splits a pattern.</summary>
    /// <param name="pattern">A full path in the system's spelling.</param>
    public GlobPattern(string pattern)
    {
        string path = pattern.Replace(Path.DirectorySeparatorChar, '/');
        _findsFolders = path.EndsWith('/');
        string[] parts = path.TrimEnd('/').Split('/');
        int first = Array.FindIndex(parts, HasWildcards);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(string.Join('/', parts[..first]) + "/"));
        _segments = parts[^1] == AnyFolders ? [.. parts[first..], "*"] : parts[first..];
    }

    /// <summary>The folder before the first wildcard, full path.</summary>
    public string Root { get; }

    /// <summary>Whether a path has wildcards.</summary>
    public static bool HasWildcards(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>Looks the pattern up.</summary>
    /// <returns>What it matches, and all folders in which something that appears could match: full paths.</returns>
    /// <exception cref="IOException">A folder can't be read.</exception>
    public (IReadOnlyCollection<string> Found, IReadOnlyCollection<string> Visited) Find()
    {
        _found.Clear();
        _visited.Clear();
        Walk(Root, 0);
        return (_found, _visited);
    }

    private void Walk(string folder, int at)
    {
        _visited.Add(folder);
        string segment = _segments[at];
        if (segment == AnyFolders)
        {
            Walk(folder, at + 1);
            foreach (string inner in Folders(folder).Where(f => !IsLink(f)))
            {
                Walk(inner, at);
            }
        }
        else if (at < _segments.Length - 1)
        {
            foreach (string inner in Folders(folder).Where(f => Matches(segment, f)))
            {
                Walk(inner, at + 1);
            }
        }
        else
        {
            _found.UnionWith((_findsFolders ? Folders(folder) : Directory.EnumerateFiles(folder)).Where(f => Matches(segment, f)));
        }
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Where(f => !Path.GetFileName(f).StartsWith('.'));

    // A link may lead back up, and the walk would never end.
    private static bool IsLink(string folder) => new DirectoryInfo(folder).LinkTarget is not null;

    private static bool Matches(string segment, string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        return name[0] != '.' && FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: true);
    }
}
