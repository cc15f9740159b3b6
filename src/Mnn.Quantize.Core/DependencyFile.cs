using Mnn.Quantize.Model;

namespace Mnn.Quantize;

/// <summary>The list of all that a result depends on.</summary>
internal static class DependencyFile
{
    /// <summary>Writes it: one absolute path a line.</summary>
    /// <param name="path">Where to; null for nowhere.</param>
    /// <param name="model">The float model and its external weights.</param>
    /// <param name="config">The config; empty for none.</param>
    /// <param name="data">Files of data, and folders in which one that appears would become part of them.</param>
    public static void Write(string? path, IEnumerable<string> model, string config, IEnumerable<string> data)
    {
        if (path is not null)
        {
            IEnumerable<string> files = model.Append(config).Concat(data).Where(f => f.Length > 0);
            AtomicFile.WriteText(path, string.Concat(files.Select(f => Path.GetFullPath(f) + "\n")));
        }
    }
}
