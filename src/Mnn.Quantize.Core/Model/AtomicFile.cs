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
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                stream.Write(data);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Remove(temporary);
            throw Errors.ModelUnwritable(path, e.Message, e);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here is the one to report; a disk that is gone can't be tidied.
        }
    }
}
