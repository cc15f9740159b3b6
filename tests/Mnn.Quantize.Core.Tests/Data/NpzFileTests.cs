using System.IO.Compression;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Tests.Calibration;

namespace Mnn.Quantize.Tests.Data;

[TestClass]
public sealed class NpzFileTests
{
    private static readonly byte[] s_file = ArrayFeederTests.Npz(("a", [2], [1, 2]), ("b/c", [1, 3], [3, 4, 5]));

    [TestMethod]
    public void Arrays_come_with_their_names_and_shapes()
    {
        var arrays = NpzFile.Read(s_file, "x.npz");

        CollectionAssert.AreEqual((string[])["a", "b/c"], arrays.Select(a => a.Name).ToArray());
        CollectionAssert.AreEqual((int[])[1, 3], arrays[1].Shape.ToArray());
        CollectionAssert.AreEqual((float[])[3, 4, 5], arrays[1].Floats);
    }

    [TestMethod]
    public void Every_cut_is_an_error_of_its_own_kind()
    {
        for (int length = 0; length < s_file.Length; length++)
        {
            QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => NpzFile.Read(s_file[..length], "x.npz"));
            Assert.AreEqual(3510, e.Diagnostic.Code);
        }
    }

    [TestMethod]
    public void Every_changed_byte_is_read_or_an_error()
    {
        for (int at = 0; at < s_file.Length; at++)
        {
            byte[] changed = [.. s_file];
            changed[at] ^= 0xFF;
            try
            {
                NpzFile.Read(changed, "x.npz");
            }
            catch (QuantizeException e)
            {
                Assert.AreEqual(DiagnosticSeverity.Error, e.Diagnostic.Severity);
            }
        }
    }

    [TestMethod]
    public void An_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("a.npy").Open().Dispose();
        }

        // The length that the archive's directory claims for the file: 24 bytes into its entry (APPNOTE 4.3.12).
        byte[] bytes = stream.ToArray();
        int entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 24), int.MaxValue);

        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => NpzFile.Read(bytes, "x.npz"));

        Assert.AreEqual(3511, e.Diagnostic.Code);
    }
}
