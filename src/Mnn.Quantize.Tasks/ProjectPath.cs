namespace Mnn.Quantize.Tasks;

/// <summary>
/// Paths as projects write them, made full. Under multithreaded MSBuild the current directory belongs to nobody, so that
/// a task that passes a relative path on reads some other project's file.
/// </summary>
internal static class ProjectPath
{
    /// <param name="projectFile">Full path of the project.</param>
    /// <param name="path">Full, or relative to the project's folder; with slashes or backslashes.</param>
    internal static string Resolve(string projectFile, string path) => Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(projectFile)!, path.Replace('\\', Path.DirectorySeparatorChar)));
}
