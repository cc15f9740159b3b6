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

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    internal string Folder => folder;

    /// <summary>Puts the model with this key at <paramref name="destination"/>.</summary>
    /// <returns>Its record, or null if the store does not have it.</returns>
    internal BuildRecord? TryFetch(ContentKey key, string destination)
    {
        string model = PathOf(key, ".mnn");
        if (BuildRecord.Read(PathOf(key, ".record")) is not { } record)
        {
            return null;
        }

        if (!record.Describes(model, key))
        {
            File.Delete(PathOf(key, ".record"));
            File.Delete(model);
            return null;
        }

        AtomicFile.Copy(model, destination);
        File.SetLastWriteTimeUtc(model, DateTime.UtcNow);
        return record;
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

    private void Trim()
    {
        List<FileInfo> models =
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*.mnn", SearchOption.AllDirectories)
                .OrderByDescending(model => model.LastWriteTimeUtc),
        ];
        long kept = 0;
        foreach (FileInfo model in models)
        {
            kept += model.Length;
            if (kept > MostBytes)
            {
                File.Delete(Path.ChangeExtension(model.FullName, ".record"));
                File.Delete(model.FullName);
            }
        }
    }

    private string PathOf(ContentKey key, string extension) =>
        Path.Combine(folder, key.Text[..2], key.Text + extension);
}
