using System.Runtime.InteropServices;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Quantization.Compression;

/// <summary>Weights in runs, coded and read again.</summary>
[TestClass]
public sealed class CodedRunsTests
{
    public static IEnumerable<object[]> Forms =>
        from bits in Enumerable.Range(2, 7)
        from isAsymmetric in new[] { false, true }
        from shape in new[] { (1, 1), (3, 7), (8, 32), (5, 33), (2, 70_000) }
        select new object[] { bits, isAsymmetric, shape.Item1, shape.Item2 };

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void What_is_read_is_what_was_coded(int bits, bool isAsymmetric, int runs, int k)
    {
        var random = new Random((bits * 100) + k);
        int half = 1 << (bits - 1);
        sbyte[] levels = [.. Enumerable.Range(0, runs * k).Select(_ => (sbyte)random.Next(isAsymmetric ? -half : 1 - half, half))];
        float[] scales = [.. Enumerable.Range(0, runs).Select(_ => random.NextSingle())];
        float[]? minima = isAsymmetric ? [.. Enumerable.Range(0, runs).Select(_ => random.NextSingle() - 0.5f)] : null;

        DecodedWeights read = WeightCodec.Decode(WeightCodec.EncodeRuns(levels, scales, minima, bits), "m", "op");

        CollectionAssert.AreEqual(levels, read.Values);
        CollectionAssert.AreEqual(scales, read.Scales);
        Assert.AreEqual(isAsymmetric, read.Offsets is not null);
        for (int run = 0; run < runs && minima is not null; run++)
        {
            Assert.AreEqual(minima[run], (-half * scales[run]) + read.Offsets![run], 1e-4f);
        }
    }

    [TestMethod]
    public void Asymmetric_weights_lie_in_the_file_as_the_converter_writes_them()
    {
        // IDSTEncoder.hpp: runs and weights a run, all levels, indices from 0; alpha is minimum and scale in turn; aMin is the
        // lowest level and readType the number of runs.
        IDSTQuan coded = WeightCodec.EncodeRuns([-2, 1, 0, -1], [0.5f, 2f], [-1f, 3f], 2);

        CollectionAssert.AreEqual((sbyte[])[2, 2, 0, 2, 0, 4, -2, -1, 0, 1, 0b00_11_10_01], coded.Buffer);
        CollectionAssert.AreEqual((float[])[-1f, 0.5f, 3f, 2f], coded.Alpha);
        Assert.AreEqual((1, 2, -2, 2, 1f), (coded.Type, coded.AMaxOrBits, coded.AMin, coded.ReadType, coded.QuantScale));
    }

    [TestMethod]
    public void Half_floats_round_to_the_nearest_and_ties_to_even()
    {
        float step = MathF.Pow(2, -10);
        IDSTQuan coded = WeightCodec.EncodeHalves([1 + (0.5f * step), 1 + (1.5f * step), 1 + (0.51f * step), -65504, 1e-9f]);

        Assert.AreEqual(3, coded.Type);
        CollectionAssert.AreEqual(
            (float[])[1, 1 + (2 * step), 1 + step, -65504, 0],
            MemoryMarshal.Cast<sbyte, Half>(coded.Buffer).ToArray().Select(half => (float)half).ToArray());
    }
}
