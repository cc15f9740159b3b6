using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// Int8 models by content key, shared by target frameworks, configurations and, if it is told to lie elsewhere,
/// projects and CI runs. An entry is <c>KE/KEY.mnn</c> and <c>KE/KEY.record</c>, written in this order, so that an entry
/// with a record is whole; one whose bytes do not hash to what its record says is thrown away.
/// </summary>
internal sealed class ModelStore(string folder)
{
    /// <summary>Beyond it the entries not used for longest go.</summary>
    internal long MostBytes { get; init; } = 2L << 30;

    private static readonly TimeSpan BeforeItIsLeftOver = TimeSpan.FromHours(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    internal string Folder => folder;

    /// <summary>Folder of what calibration saw of each sample; the engine keeps it.</summary>
    internal string Calibration => Path.Combine(folder, "calibration");

    /// <summary>Puts the model with this key at <paramref name="destination"/>.</summary>
    /// <returns>Its record, or null if the store does not have it.</returns>
    internal BuildRecord? TryFetch(ContentKey key, string destination)
    {
        string model = PathOf(key, ".mnn");
        if (BuildRecord.Read(PathOf(key, ".record")) is not { } record)
        {
            return null;
        }

        try
        {
            if (record.Describes(model, key))
            {
                AtomicFile.Copy(model, destination);
                File.SetLastWriteTimeUtc(model, DateTime.UtcNow);
                return record;
            }
        }
        catch (Exception exception) when (!File.Exists(model) && exception is IOException or QuantizeException)
        {
            // Another build has just trimmed the store.
        }

        File.Delete(PathOf(key, ".record"));
        File.Delete(model);
        return null;
    }

    internal void Add(ContentKey key, string model, BuildRecord record)
    {
        AtomicFile.Copy(model, PathOf(key, ".mnn"));
        record.Write(PathOf(key, ".record"));
        Trim();
    }

    /// <summary>
    /// Waits until no other process works on this key, so that two builds make a model once. The file stays: deleting
    /// it would let a third process lock a new file of the same name while a second still waits for the old one.
    /// </summary>
    internal FileStream Lock(ContentKey key, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, key.Text[..2], "lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                cancellation.WaitHandle.WaitOne(LockPause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Also of what processes left that were killed; other processes may do the same at the same time.</summary>
    private void Trim()
    {
        DateTime now = DateTime.UtcNow;
        var files = new DirectoryInfo(folder).EnumerateDirectories("??").SelectMany(inner => inner.EnumerateFiles())
            .Select(file => (file.FullName, file.Extension, file.LastWriteTimeUtc, Length: file.Exists ? file.Length : 0))
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .ToArray();
        long kept = 0;
        foreach ((string path, string extension, DateTime written, long length) in files)
        {
            kept += extension == ".mnn" ? length : 0;
            if (extension == ".mnn" && kept > MostBytes)
            {
                File.Delete(Path.ChangeExtension(path, ".record"));
                File.Delete(path);
            }
            else if (extension == TemporaryFile.Extension && !TemporaryFile.RemoveIfLeftOver(path) && now - written > BeforeItIsLeftOver)
            {
                File.Delete(path);
            }
        }
    }

    private string PathOf(ContentKey key, string extension) =>
        Path.Combine(folder, key.Text[..2], key.Text + extension);
}
