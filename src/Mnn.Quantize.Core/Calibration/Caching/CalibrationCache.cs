using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Calibration.Caching;

/// <summary>
/// What calibration saw of each sample, on disk, so that a sample that was added to a hundred costs one run and not a
/// hundred and one. An entry is found by the hash of all that it depends on: engine, model, preprocessing and the sample's
/// content. How scales are made of the statistics is no part of it. Statistics are counts and extremes, so that a sum over
/// entries is the sum over runs, bit by bit. Several processes may use one folder; a fault in it costs time, nothing else.
/// </summary>
internal sealed class CalibrationCache
{
    /// <summary>Beyond it the entries not used for longest go.</summary>
    public const long MostBytes = 1L << 30;

    private static readonly TimeSpan BeforeItIsTouched = TimeSpan.FromHours(1);
    private static readonly TimeSpan BeforeItIsLeftOver = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly byte[] _context;

    /// <summary>The cache for one model with one preprocessing.</summary>
    /// <param name="folder">Full path of the folder, which need not exist.</param>
    /// <param name="model">The model that is run, after everything that changes its weights.</param>
    /// <param name="settings">Where the run's settings are from.</param>
    /// <param name="lint">Must know of samples that are not fed, too.</param>
    public CalibrationCache(string folder, MnnModel model, ConfigSource settings, PreprocessingLint lint)
    {
        _folder = folder;
        Lint = lint;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(typeof(CalibrationCache).Module.ModuleVersionId.ToByteArray());
        hash.AppendData(SHA256.HashData(model.ToBytes()));
        hash.AppendData(Encoding.UTF8.GetBytes(settings.CanonicalOfSamples()));
        _context = hash.GetHashAndReset();
    }

    /// <summary>Knows what is odd about the samples.</summary>
    public PreprocessingLint Lint { get; }

    /// <summary>Where the entry of a sample is, whether or not there is one.</summary>
    /// <exception cref="QuantizeException">The sample can't be read.</exception>
    public string PathFor(string sample)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_context);
        bool isFolder = Directory.Exists(sample);
        foreach (string file in SampleKinds.FilesOf(sample))
        {
            // Of a picture only the extension counts, which may tell its format; of arrays the name may tell the input.
            string name = isFolder || SampleKinds.IsArray(file) ? Path.GetFileName(file) : Path.GetExtension(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
            hash.AppendData(SHA256.HashData(SampleBytes.Read(file)));
        }

        string key = Convert.ToHexStringLower(hash.GetHashAndReset());
        return Path.Combine(_folder, key[..2], key + ".sample");
    }

    /// <summary>The bytes of an entry.</summary>
    /// <returns>Null if there is none. One that is not as it was written is thrown away.</returns>
    public static byte[]? TryRead(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(path);
            if (!SampleEntry.IsWhole(bytes))
            {
                File.Delete(path);
                return null;
            }

            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > BeforeItIsTouched)
            {
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes an entry; if that fails, the next run does without.</summary>
    public static void TryWrite(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = TemporaryFile.NameBeside(path);
        try
        {
            // Not flushed to disk: a hundred flushes cost seconds, and the hash finds what a power cut tears.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Keeps the folder below its size, and free of what killed processes have left.</summary>
    /// <param name="most">Bytes that may stay.</param>
    public void Trim(long most = MostBytes)
    {
        try
        {
            DateTime now = DateTime.UtcNow;
            FileInfo[] files = [.. new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories)];
            long kept = 0;
            foreach ((FileInfo file, DateTime written, long length) in files
                .Where(file => file.Exists)
                .Select(file => (file, file.LastWriteTimeUtc, file.Length))
                .OrderByDescending(file => file.LastWriteTimeUtc))
            {
                bool isTemporary = file.Extension == TemporaryFile.Extension;
                if (isTemporary && TemporaryFile.RemoveIfLeftOver(file.FullName))
                {
                    continue;
                }

                kept += length;
                if (kept > most || (isTemporary && now - written > BeforeItIsLeftOver))
                {
                    TryDelete(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process trims as well, or nobody may: then the folder is somewhat larger for now.
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it.
        }
    }
}
