using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests.Data;

[TestClass]
public sealed class RawFileTests
{
    [TestMethod]
    public void Elements_are_little_endian()
    {
        TensorValue floats = RawFile.Read([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], "x.raw", "x", ElementType.Float32, [1, 2]);
        TensorValue ints = RawFile.Read([0xFE, 0xFF, 0xFF, 0xFF], "x.raw", "x", ElementType.Int32, []);

        CollectionAssert.AreEqual(new[] { 1f, -2f }, floats.Floats);
        CollectionAssert.AreEqual(new[] { -2 }, ints.Ints);
        Assert.IsEmpty(ints.Shape);
    }

    [TestMethod]
    [DataRow(new[] { 2 }, 7)]
    [DataRow(new[] { 2 }, 12)]
    [DataRow(new int[0], 8)]
    [DataRow(new[] { int.MaxValue, int.MaxValue, int.MaxValue }, 4)]
    public void Another_length_than_the_shape_needs_is_an_error(int[] shape, int bytes)
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => RawFile.Read(new byte[bytes], "x.raw", "x", ElementType.Float32, shape));

        Assert.AreEqual(3605, error.Diagnostic.Code);
    }
}
