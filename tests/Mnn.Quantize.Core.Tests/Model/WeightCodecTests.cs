using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Model;

[TestClass]
public sealed class WeightCodecTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Dense_weights_are_shape_levels_and_packed_indices()
    {
        // Levels -3, 0, 4 and 9 in two bits each: 0 3 1 2 | 1 2.
        IDSTQuan coded = WeightCodec.Encode([-3, 9, 0, 4, 0, 4], 2, 3, [0.5f, 2f], 8);

        Assert.AreEqual(1, coded.Type);
        CollectionAssert.AreEqual(
            (sbyte[])[2, 2, 0, 3, 0, 4, -3, 0, 4, 9, 0b00_11_01_10, 0b01_10_00_00], coded.Buffer);
        CollectionAssert.AreEqual((float[])[-1.5f, 4.5f, 0, 8, 0, 8], Decode(coded).ToFloat());
        Assert.AreEqual(8, coded.AMaxOrBits);
        Assert.AreEqual(1f, coded.QuantScale);
        Assert.IsFalse(coded.ShapeInt32);
    }

    [TestMethod]
    public void Few_weights_among_zeros_are_stored_sparsely()
    {
        var values = new sbyte[4000];
        (values[0], values[700], values[3999]) = (5, -7, 100);
        IDSTQuan coded = WeightCodec.Encode(values, 4, 1000, [1, 1, 1, 1], 8);

        Assert.AreEqual(2, coded.Type);
        CollectionAssert.AreEqual(values, Decode(coded).Values);
        Assert.IsLessThan(60, coded.Buffer!.Length);
    }

    [TestMethod]
    public void A_sparse_buffer_of_another_hand_is_read()
    {
        // [2, 4]; 3 steps of 3 bits: 1, 0, 5; levels given unordered: 6, -2; indices 1, 0, 1 (of -2, 6).
        IDSTQuan coded = Coded(2, [2, 2, 0, 4, 0, 3, 0, 0, 0, 3, 0b001_000_10, unchecked((sbyte)0b1_0000000), 2, 6, -2,
            unchecked((sbyte)0b101_00000)], [1f, 1f]);

        CollectionAssert.AreEqual((sbyte[])[0, -2, 0, 0, 0, 0, 6, 0], Decode(coded).Values);
    }

    [TestMethod]
    public void Sparse_asymmetric_weights_fill_up_with_what_stands_for_zero()
    {
        // One channel of three, minimum -1, scale 0.5, levels -2..1 of two bits: zero is round(1 / 0.5) - 2 = 0.
        IDSTQuan coded = Coded(2, [2, 1, 0, 3, 0, 1, 0, 0, 0, 2, 0b01_000000, 4, -2, -1, 0, 1, unchecked((sbyte)0b11_000000)],
            [-1f, 0.5f]);
        coded.ReadType = 1;
        coded.AMin = -2;

        CollectionAssert.AreEqual((float[])[0f, 0.5f, 0f], Decode(coded).ToFloat());
    }

    [TestMethod]
    public void Whatever_is_encoded_is_decoded_and_no_larger_than_all_levels()
    {
        var random = new Random(7);
        var types = new HashSet<int>();
        for (int round = 0; round < 600; round++)
        {
            int bits = random.Next(2, 9);
            int oc = random.Next(1, 9);
            int k = random.Next(1, 200);
            int half = 1 << (bits - 1);
            int spread = random.Next(1, half + 1);
            double density = random.NextDouble() * random.NextDouble();
            sbyte[] values = [.. Enumerable.Range(0, oc * k).Select(_ =>
                random.NextDouble() < density ? (sbyte)random.Next(-spread, spread) : (sbyte)0)];
            float[] scales = [.. Enumerable.Range(1, oc).Select(i => i / 16f)];
            IDSTQuan coded = WeightCodec.Encode(values, oc, k, scales, bits);
            DecodedWeights decoded = Decode(coded);

            CollectionAssert.AreEqual(values, decoded.Values);
            CollectionAssert.AreEqual(scales, decoded.Scales);
            Assert.IsLessThanOrEqualTo(6 + (1 << bits) + (((oc * k * bits) + 7) / 8), coded.Buffer!.Length);
            types.Add(coded.Type);
        }

        CollectionAssert.AreEquivalent((int[])[1, 2], types.ToArray());
    }

    [TestMethod]
    [DataRow(-2, 2)]
    [DataRow(-4, 3)]
    [DataRow(-8, 4)]
    public void Eight_bit_weights_never_look_like_packed_ones(int lowest, int packed)
    {
        sbyte[] values = [.. Enumerable.Range(lowest, 1 << packed).Select(value => (sbyte)value)];
        Assert.AreEqual(0, WeightCodec.Encode(values, 1, values.Length, [1f], 8).Buffer![5], "256 levels are stored.");
        Assert.AreEqual(1 << packed, WeightCodec.Encode(values, 1, values.Length, [1f], packed).Buffer![5]);
    }

    [TestMethod]
    public void More_than_65535_weights_a_channel_store_their_shape_in_32_bits()
    {
        var values = new sbyte[70000];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (sbyte)((i * 37 % 255) - 127);
        }

        IDSTQuan coded = WeightCodec.Encode(values, 1, values.Length, [1f], 8);
        Assert.IsTrue(coded.ShapeInt32);
        CollectionAssert.AreEqual(values, Decode(coded).Values);
    }

    [TestMethod]
    [DataRow("lenet5")]
    [DataRow("mbv2")]
    [DataRow("face_detection_short_range")]
    public void Buffers_of_the_reference_are_read_and_ours_are_no_larger(string name)
    {
        var model = MnnModel.Load(ModelFiles.PathOf($"{name}/KL-MAX_ABS.mnn"));
        int theirs = 0;
        int ours = 0;
        foreach (Op op in model.Net.Oplists!)
        {
            if (op.Main is not Convolution2D { QuanParameter: { Buffer: not null } quantized } convolution)
            {
                continue;
            }

            DecodedWeights decoded = WeightCodec.Decode(quantized, model.Path, op.Name!);
            int oc = convolution.Common!.OutputCount;
            IDSTQuan coded = WeightCodec.Encode(decoded.Values, oc, decoded.Values.Length / oc, decoded.Scales, 8);
            CollectionAssert.AreEqual(decoded.Values, Decode(coded).Values);
            Assert.IsLessThanOrEqualTo(quantized.Buffer!.Length, coded.Buffer!.Length);
            theirs += quantized.Buffer.Length;
            ours += coded.Buffer.Length;
        }

        TestContext.WriteLine($"{name}: reference {theirs} bytes of coded weights, ours {ours}");
        Assert.IsGreaterThan(0, theirs);
    }

    [TestMethod]
    public void The_weights_of_the_reference_are_its_float_weights_rounded()
    {
        var real = MnnModel.Load(ModelFiles.PathOf("lenet5/model.mnn"));
        var quantized = MnnModel.Load(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn"));
        var byName = real.Net.Oplists!.Where(op => op.Main is Convolution2D).ToDictionary(op => op.Name!);
        foreach (Op op in quantized.Net.Oplists!.Where(op => op.Main is Convolution2D))
        {
            float[] expected = ((Convolution2D)byName[op.Name!].Main!).Weight!;
            var convolution = (Convolution2D)op.Main!;
            float[] actual = WeightCodec.Dequantize(convolution, quantized.Path, op.Name!);
            int k = expected.Length / convolution.QuanParameter!.Alpha!.Length;
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], actual[i], convolution.QuanParameter.Alpha[i / k] * 0.5001f);
            }
        }
    }

    [TestMethod]
    public void Halves_bytes_blocks_and_scattered_weights_become_floats()
    {
        IDSTQuan halves = Coded(3, [0x00, 0x3C, 0x00, unchecked((sbyte)0xC0)], []);
        IDSTQuan old = Coded(4, [-128, 127], [1f, 0.5f]);
        old.QuantScale = 0;
        IDSTQuan blocks = Coded(4, [1, 2, 3, 4], [1f, 10f]);
        IDSTQuan asymmetric = Coded(4, [-8, 7, 0, 1], [-1f, 0.5f, 2f, 1f]);
        (asymmetric.ReadType, asymmetric.AMin, asymmetric.QuantScale) = (2, -8, 2f);
        var scattered = new IDSTQuan { WeightSize = 4, Index = [3, 0], Alpha = [9f, 8f] };
        IDSTQuan half = Coded(4, [2, 4], []);
        (half.ScaleStorage, half.AlphaFp16) = (ScaleStorageType.FP16, [0x3800]);

        CollectionAssert.AreEqual((float[])[1f, -2f], Floats(halves));
        CollectionAssert.AreEqual((float[])[1f, 128.5f], Floats(old));
        CollectionAssert.AreEqual((float[])[1f, 2f, 30f, 40f], Floats(blocks));
        CollectionAssert.AreEqual((float[])[-2f, 13f, 20f, 22f], Floats(asymmetric));
        CollectionAssert.AreEqual((float[])[8f, 0f, 0f, 9f], Floats(scattered));
        CollectionAssert.AreEqual((float[])[1f, 2f], Floats(half));
    }

    [TestMethod]
    [DataRow(1, new sbyte[] { }, 2030)]
    [DataRow(1, new sbyte[] { 0 }, 2031)]
    [DataRow(1, new sbyte[] { 5 }, 2031)]
    [DataRow(1, new sbyte[] { 2, 1, 0 }, 2030)]
    [DataRow(1, new sbyte[] { 2, -1, -1, -1, -1, 2, 0, 1 }, 2031)]
    [DataRow(1, new sbyte[] { 2, -1, -1, -1, 0, 2, 0, 1 }, 2030)]
    [DataRow(1, new sbyte[] { 2, 1, 0, 1, 0, 3, 1, 2, 3, -1 }, 2031)]
    [DataRow(2, new sbyte[] { 2, 1, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0 }, 2031)]
    [DataRow(2, new sbyte[] { 2, -1, -1, 0, 1, 1, 0, 0, 0, 8, 0, 1, 0, 0 }, 2031)]
    [DataRow(2, new sbyte[] { 2, 1, 0, 1, 0, 1, 0, 0, 0, 2, -1, 1, 0, 0 }, 2031)]
    [DataRow(2, new sbyte[] { 2, 1, 0, 1, 0, -1, -1, -1, -1, 2, -1, 1, 0, 0 }, 2030)]
    [DataRow(5, new sbyte[] { 1 }, 2032)]
    public void Damaged_buffers_are_named(int type, sbyte[] buffer, int code) =>
        Assert.AreEqual(code, Code(() => Decode(Coded(type, buffer, [1f]))));

    [TestMethod]
    public void Scales_that_do_not_fit_and_missing_weights_are_named()
    {
        Assert.AreEqual(2031, Code(() => Decode(Coded(4, [1, 2, 3], [1f, 1f]))));
        Assert.AreEqual(2031, Code(() => Decode(Coded(4, [1, 2, 3], []))));
        Assert.AreEqual(2031, Code(() => Floats(new IDSTQuan { WeightSize = 4, Index = [4], Alpha = [1f] })));
        Assert.AreEqual(2031, Code(() => Floats(new IDSTQuan { WeightSize = uint.MaxValue, Index = [4], Alpha = [1f] })));
        Assert.AreEqual(2033, Code(() => WeightCodec.Dequantize(new Convolution2D(), "m", "c")));
    }

    [TestMethod]
    public void Whatever_bytes_a_buffer_holds_it_gives_weights_or_a_named_error()
    {
        var random = new Random(99);
        for (int round = 0; round < 20000; round++)
        {
            var buffer = new sbyte[random.Next(1, 40)];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(buffer.AsSpan()));
            buffer[0] = (sbyte)random.Next(0, 6);
            IDSTQuan coded = Coded(random.Next(1, 5), buffer, [1f]);
            coded.ShapeInt32 = random.Next(4) == 0;
            try
            {
                Assert.IsLessThanOrEqualTo(40 << 8, Decode(coded).Values.Length);
            }
            catch (QuantizeException e)
            {
                Assert.IsInRange(2030, 2032, e.Diagnostic.Code);
            }
        }
    }

    private static IDSTQuan Coded(int type, sbyte[] buffer, float[] alpha) =>
        new() { Type = type, Buffer = buffer, Alpha = alpha, QuantScale = 1f };

    private static DecodedWeights Decode(IDSTQuan coded) => WeightCodec.Decode(coded, "model.mnn", "conv");

    private static float[] Floats(IDSTQuan coded) =>
        WeightCodec.Dequantize(new Convolution2D { QuanParameter = coded }, "model.mnn", "conv");

    private static int Code(Func<object> action) => Assert.ThrowsExactly<QuantizeException>(action).Diagnostic.Code;
}
