using System.IO.Compression;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Data;

/// <summary>NumPy's file of several named arrays: a zip archive of <c>.npy</c> files (numpy.savez, savez_compressed).</summary>
public static class NpzFile
{
    /// <summary>The most bytes that the arrays of one file may have when unpacked.</summary>
    public const long MostBytes = 1L << 30;

    // Deflate makes 1,032 bytes of one at most; an archive that claims more is not to be believed, and takes no memory.
    private const long MostExpansion = 1032;

    private const string Extension = ".npy";

    /// <summary>Reads all arrays.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <returns>The arrays, each with its name, in the file's order.</returns>
    /// <exception cref="QuantizeException">
    /// MNNQ3510: the archive is damaged; 3511: it unpacks to more than <see cref="MostBytes"/>; 3601 to 3604: an array in it
    /// is damaged.
    /// </exception>
    public static IReadOnlyList<TensorValue> Read(byte[] bytes, string file)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var arrays = new List<TensorValue>();
            long total = 0;
            foreach (ZipArchiveEntry entry in archive.Entries.Where(e => e.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                // The length is what the archive claims; nothing beyond it is ever unpacked.
                total += entry.Length;
                if (entry.Length < 0 || total > MostBytes || entry.Length > (entry.CompressedLength + 1) * MostExpansion)
                {
                    throw Errors.NpzTooLarge(file, MostBytes);
                }

                string name = entry.FullName[..^Extension.Length];
                arrays.Add(NpyFile.Read(Unpack(entry), $"{file}/{entry.FullName}", name));
            }

            return arrays;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw Errors.NpzDamaged(file, e.Message, e);
        }
    }

    private static byte[] Unpack(ZipArchiveEntry entry)
    {
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
