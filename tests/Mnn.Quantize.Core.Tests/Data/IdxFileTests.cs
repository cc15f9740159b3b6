using System.IO.Compression;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Core.Tests.Data;

/// <summary>The files of MNIST.</summary>
[TestClass]
public sealed class IdxFileTests
{
    private static readonly byte[] s_good = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_file_gives_shape_and_elements_packed_or_not(bool packed)
    {
        string file = Path.GetTempFileName();
        try
        {
            using (var plain = File.Create(file))
            using (Stream stream = packed ? new GZipStream(plain, CompressionLevel.Fastest) : plain)
            {
                stream.Write(s_good);
            }

            Assert.IsTrue(IdxFile.Is(file));
            IdxFile idx = IdxFile.Read(file);
            CollectionAssert.AreEqual(new[] { 2, 3 }, idx.Shape);
            CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 5, 255 }, idx.Elements.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    [DataRow(new byte[] { 0, 0, 8 }, 3660)]
    [DataRow(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 7 }, 3660)]
    [DataRow(new byte[] { 0, 0, 13, 1, 0, 0, 0, 1, 7, 7, 7, 7 }, 3660)]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, 3660)]
    [DataRow(new byte[] { 0, 0, 8, 1, 255, 0, 0, 0, 7 }, 3660)]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 7 }, 3661)]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 7 }, 3661)]
    [DataRow(new byte[] { 0, 0, 8, 4, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255, 1 }, 3661)]
    public void A_damaged_file_is_an_error(byte[] bytes, int code)
    {
        var error = Assert.ThrowsExactly<QuantizeException>(() => IdxFile.Parse("x.idx", bytes));
        Assert.AreEqual(code, error.Diagnostic.Code);
    }

    [TestMethod]
    public void What_can_not_be_unpacked_is_an_error_and_no_IDX_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
            Assert.IsFalse(IdxFile.Is(file));
            Assert.AreEqual(3678, Assert.ThrowsExactly<QuantizeException>(() => IdxFile.Read(file)).Diagnostic.Code);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
