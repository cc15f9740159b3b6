using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Model;

/// <summary>Files that are whole or not there: written beside their place under a temporary name, flushed, renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file of these bytes.</summary>
    /// <param name="path">Where to. Missing folders are created.</param>
    /// <param name="data">The file's bytes.</param>
    /// <exception cref="QuantizeException">The file can't be written; no temporary file is left.</exception>
    internal static void Write(string path, byte[] data) => Write(path, stream => stream.Write(data));

    /// <summary>Writes a text in UTF-8.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    internal static void WriteText(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Copies with the time of now: an old time would leave an older copy in the output folder in place.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    internal static void Copy(string from, string to) => Write(to, stream =>
    {
        using FileStream source = File.OpenRead(from);
        source.CopyTo(stream);
    });

    /// <summary>Writes whatever <paramref name="write"/> does.</summary>
    /// <inheritdoc cref="Write(string, byte[])"/>
    internal static void Write(string path, Action<Stream> write)
    {
        string temporary = "";
        try
        {
            string full = Path.GetFullPath(path);
            string folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            TemporaryFile.SweepOnce(folder);
            temporary = TemporaryFile.NameBeside(full);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw Errors.FileUnwritable(path, e.Message, e);
            }

            throw;
        }
    }
}
