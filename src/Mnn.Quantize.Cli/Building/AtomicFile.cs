using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Building;

/// <summary>Files that appear whole or not at all: written beside their place, flushed, renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>, whose folder is made if need be.</summary>
    /// <exception cref="QuantizeException">It cannot be written.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw CommandErrors.OutputNotWritten(path, exception);
        }
    }

    internal static void WriteText(string path, string text) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>Copies with the time of now: an old time would leave an older copy in the output folder in place.</summary>
    internal static void Copy(string from, string to) => Write(to, stream =>
    {
        using FileStream source = File.OpenRead(from);
        source.CopyTo(stream);
    });
}
