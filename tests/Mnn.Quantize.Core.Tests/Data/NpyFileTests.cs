using System.Text;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests.Data;

[TestClass]
public sealed class NpyFileTests
{
    private static readonly int[][] s_shapes = [[], [0], [1], [5], [2, 3], [2, 0, 3], [2, 3, 4, 5], [1, 1, 1, 1, 1, 1]];

    public static IEnumerable<object[]> AllShapes => s_shapes.Select(s => new object[] { s });

    [TestMethod]
    [DynamicData(nameof(AllShapes))]
    public void What_was_written_is_read_bit_by_bit(int[] shape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        float[] floats = [.. Enumerable.Range(0, count).Select(i => i switch { 0 => -0f, 1 => float.NaN, _ => i / 3f })];

        TensorValue back = NpyFile.Read(NpyFile.Write(new TensorValue("x", shape, floats)), "x.npy", "y");

        Assert.AreEqual("y", back.Name);
        CollectionAssert.AreEqual(shape, back.Shape.ToArray());
        CollectionAssert.AreEqual(
            Array.ConvertAll(floats, BitConverter.SingleToInt32Bits),
            Array.ConvertAll(back.Floats, BitConverter.SingleToInt32Bits));
    }

    [TestMethod]
    public void Integers_stay_integers()
    {
        int[] values = [int.MinValue, -1, 0, int.MaxValue];

        TensorValue back = NpyFile.Read(NpyFile.Write(new TensorValue("x", [4], values)), "x.npy");

        CollectionAssert.AreEqual(values, back.Ints);
    }

    [TestMethod]
    public void The_header_is_that_of_numpy()
    {
        byte[] bytes = NpyFile.Write(new TensorValue("x", [3], new float[3]));

        // As numpy 1.26 writes np.zeros(3, '<f4').
        Assert.AreEqual(
            "\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".PadRight(127) + "\n",
            Encoding.Latin1.GetString(bytes, 0, 128));
        Assert.HasCount(140, bytes);
    }

    [TestMethod]
    [DataRow("<f2", new byte[] { 0x00, 0x3C, 0x00, 0xC0 }, DisplayName = "half")]
    [DataRow(">f4", new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, DisplayName = "big-endian")]
    [DataRow("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, DisplayName = "double")]
    public void Other_floats_become_float32(string description, byte[] data)
    {
        TensorValue value = NpyFile.Read(File(description, "(2,)", data), "x.npy");

        CollectionAssert.AreEqual(new float[] { 1, -2 }, value.Floats);
    }

    [TestMethod]
    [DataRow("|i1", new byte[] { 1, 0xFE }, -2)]
    [DataRow("|u1", new byte[] { 1, 0xFE }, 254)]
    [DataRow("|b1", new byte[] { 1, 0 }, 0)]
    [DataRow(">i2", new byte[] { 0, 1, 0xFF, 0xFE }, -2)]
    [DataRow("<i8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2)]
    [DataRow("<u8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 }, 2)]
    public void Other_integers_become_int32(string description, byte[] data, int second)
    {
        TensorValue value = NpyFile.Read(File(description, "(2,)", data), "x.npy");

        CollectionAssert.AreEqual(new[] { 1, second }, value.Ints);
    }

    [TestMethod]
    public void Fortran_order_is_turned()
    {
        byte[] data = [0, 3, 1, 4, 2, 5];

        TensorValue value = NpyFile.Read(File("|u1", "(2, 3)", data, "True"), "x.npy");

        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4, 5 }, value.Ints);
    }

    [TestMethod]
    public void A_header_of_version_2_is_read()
    {
        byte[] one = File("|u1", "(1,)", [7]);
        byte[] two = [.. one[..6], 2, 0, one[8], one[9], 0, 0, .. one[10..]];

        CollectionAssert.AreEqual(new[] { 7 }, NpyFile.Read(two, "x.npy").Ints);
    }

    [TestMethod]
    [DataRow("<c8", "(1,)", 8, 3602, DisplayName = "complex")]
    [DataRow("|O", "(1,)", 8, 3602, DisplayName = "objects")]
    [DataRow("<f4", "(2,)", 4, 3603, DisplayName = "too few elements")]
    [DataRow("<f4", "(1,)", 8, 3603, DisplayName = "too many elements")]
    [DataRow("<f4", "(2147483647, 2147483647, 4)", 8, 3603, DisplayName = "huge")]
    [DataRow("<f4", "(-1,)", 4, 3601, DisplayName = "negative")]
    [DataRow("<f4", "(99999999999,)", 4, 3601, DisplayName = "extent over 32 bits")]
    public void What_cannot_be_read_is_one_error(string description, string shape, int bytes, int code)
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => NpyFile.Read(File(description, shape, new byte[bytes]), "x.npy"));

        Assert.AreEqual(code, error.Diagnostic.Code);
        Assert.AreEqual("x.npy", error.Diagnostic.File);
    }

    [TestMethod]
    public void An_integer_over_32_bits_is_an_error()
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => NpyFile.Read(File("<u8", "()", [0, 0, 0, 0, 0, 0, 0, 0x80]), "x.npy"));

        Assert.AreEqual(3604, error.Diagnostic.Code);
    }

    [TestMethod]
    public void A_damaged_file_is_an_error_or_an_array_whatever_byte_is_wrong()
    {
        byte[] good = NpyFile.Write(new TensorValue("x", [2, 3], new float[6]));
        for (int i = 0; i < 80; i++)
        {
            foreach (byte wrong in new byte[] { 0, (byte)'9', (byte)',', 0xFF })
            {
                byte[] bad = [.. good];
                bad[i] = wrong;
                Try(bad);
            }
        }

        for (int length = 0; length < good.Length; length++)
        {
            Assert.ThrowsExactly<QuantizeException>(() => NpyFile.Read(good.AsSpan(0, length), "x.npy"));
        }
    }

    private static void Try(byte[] bytes)
    {
        try
        {
            NpyFile.Read(bytes, "x.npy");
        }
        catch (QuantizeException e)
        {
            Assert.AreEqual("x.npy", e.Diagnostic.File);
        }
    }

    private static byte[] File(string description, string shape, byte[] data, string order = "False")
    {
        string text = $"{{'descr': '{description}', 'fortran_order': {order}, 'shape': {shape}, }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), .. data];
    }
}
