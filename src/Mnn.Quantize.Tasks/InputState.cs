using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mnn.Quantize.Building;

/// <summary>
/// The files and folders that a project's models were made of, as they were when they were read. The command writes
/// it, the build task compares and starts no process if all is as it was; both compile this file. Timestamps decide
/// here only whether to look: the command then compares contents.
/// </summary>
/// <remarks>
/// One line each: <c>file TICKS LENGTH PATH</c> or <c>folder HASH PATH</c>, HASH over the sorted names of the files and
/// folders in it, so that a picture that comes, goes or is renamed shows whatever its age; <c>gone - PATH</c> is what is not
/// there. Two files with equal times and lengths, as a checkout writes them, could swap places without a trace in these lines:
/// for their folders there is <c>moved TICKS PATH</c>, the folder's own time, which every renaming in it changes. Other folders
/// have none: something comes and goes in a project's folder all the time.
/// </remarks>
internal static class InputState
{
    private const string FirstLine = "mnn-quantize state 2";
    private const string Moved = "moved ";

    /// <summary>What the paths, files or folders, are like now.</summary>
    internal static string Describe(IEnumerable<string> paths)
    {
        string[] files = [.. paths.Distinct()];
        string[] lines = [.. files.Select(DescribeOne)];
        IEnumerable<string> folders = files
            .Zip(lines, (path, line) => (Path: path, Traits: line.Substring(0, line.Length - path.Length)))
            .Where(file => file.Traits.StartsWith("file ", StringComparison.Ordinal))
            .GroupBy(file => file.Traits, StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group.Select(file => Path.GetDirectoryName(file.Path)!))
            .Distinct();
        IEnumerable<string> sorted = lines.Concat(folders.Select(DescribeMoves)).OrderBy(line => line, StringComparer.Ordinal);
        return FirstLine + "\n" + string.Concat(sorted.Select(line => line + "\n"));
    }

    /// <summary>The first path that is no longer as the state file says; null if all are.</summary>
    internal static string? FindChange(string stateFile)
    {
        string[] lines = File.Exists(stateFile) ? File.ReadAllLines(stateFile) : [];
        if (lines.Length == 0 || lines[0] != FirstLine)
        {
            return stateFile;
        }

        foreach (string line in lines.Skip(1))
        {
            string path = PathOf(line);
            if (path.Length == 0 || DescribeAs(line, path) != line)
            {
                return path;
            }
        }

        return null;
    }

    // Whatever can't be looked at is not as it was: the command will say why.
    private static string DescribeAs(string line, string path)
    {
        try
        {
            return line.StartsWith(Moved, StringComparison.Ordinal) ? DescribeMoves(path) : DescribeOne(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string PathOf(string line)
    {
        string[] fields = line.Split([' '], line.StartsWith("file ", StringComparison.Ordinal) ? 4 : 3);
        return fields[fields.Length - 1];
    }

    private static string DescribeOne(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists)
        {
            return string.Format(
                CultureInfo.InvariantCulture, "file {0} {1} {2}", file.LastWriteTimeUtc.Ticks, file.Length, path);
        }

        return Directory.Exists(path) ? $"folder {HashNames(path)} {path}" : $"gone - {path}";
    }

    private static string DescribeMoves(string folder) => string.Format(
        CultureInfo.InvariantCulture, "{0}{1} {2}", Moved, Directory.GetLastWriteTimeUtc(folder).Ticks, folder);

    private static string HashNames(string folder)
    {
        string[] names =
        [
            .. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!),
            .. Directory.GetDirectories(folder).Select(inner => Path.GetFileName(inner) + "/"),
        ];
        Array.Sort(names, StringComparer.Ordinal);
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", names)));
        return string.Concat(hash.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
