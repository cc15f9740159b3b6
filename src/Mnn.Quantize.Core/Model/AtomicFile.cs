using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Model;

/// <summary>Writes files that are whole or not there.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file's place under a temporary name, flushes to disk, renames.</summary>
    /// <param name="path">Where to. Missing folders are created.</param>
    /// <param name="data">The file's bytes.</param>
    /// <exception cref="QuantizeException">The file can't be written; no temporary file is left.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> data)
    {
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            WriteAndRename(full, data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Errors.ModelUnwritable(path, e.Message, e);
        }
    }

    private static void WriteAndRename(string path, ReadOnlySpan<byte> data)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                stream.Write(data);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
