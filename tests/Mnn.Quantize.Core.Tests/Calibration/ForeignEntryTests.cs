using System.Security.Cryptography;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests.Calibration;

/// <summary>Entries of the calibration cache that another hand wrote, with the right hash.</summary>
[TestClass]
public sealed class ForeignEntryTests
{
    [TestMethod]
    public void Whatever_byte_is_changed_nothing_but_an_error_with_a_code_comes_out()
    {
        byte[] entry = Entry();
        for (int at = 0; at < entry.Length - SHA256.HashSizeInBytes; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
            {
                byte[] changed = [.. entry];
                changed[at] = value;
                Read(Signed(changed));
            }
        }
    }

    [TestMethod]
    public void An_entry_that_ends_too_early_or_claims_too_much_is_named()
    {
        byte[] entry = Entry();
        Assert.IsTrue(SampleEntry.TryMerge("a", entry, true, Totals(), out _, out _));

        QuantizeException shorter = Assert.ThrowsExactly<QuantizeException>(
            () => SampleEntry.TryMerge("a", Signed(entry[..^40]), true, Totals(), out _, out _));

        Assert.AreEqual(8109, shorter.Diagnostic.Code);
    }

    private static void Read(byte[] entry)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SampleEntry.TryMerge("a", entry, true, Totals(), out _, out _);
        }
        catch (QuantizeException e)
        {
            Assert.AreEqual(8109, e.Diagnostic.Code);
        }

        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Signed(byte[] entry) =>
        [.. entry[..^SHA256.HashSizeInBytes], .. SHA256.HashData(entry.AsSpan(..^SHA256.HashSizeInBytes))];

    private static TensorStatistic?[] Totals() => [new TensorStatistic(), null];

    private static byte[] Entry()
    {
        var session = new InferenceSession(TestData.Model(("x", [1, 3, 4, 4])));
        Tensor tensor = session.Runner.PrepareInput(session.Graph.Inputs[0].Id, ElementType.Float32, [1, 3, 4, 4], Mnn.Quantize.Model.Schema.MNN_DATA_FORMAT.NCHW);
        for (int i = 0; i < tensor.Count; i++)
        {
            tensor.Floats[i] = i - 20;
        }

        var entry = new SampleEntry(signed: true);
        entry.Begin();
        entry.Add(0, tensor, new TensorStatistic(signed: true));
        var value = new TensorValue("y", [2, 2], [1, 2, 3, 4f]);
        return entry.End([true, false], SampleTraits.Of([value]), [value]).ToArray();
    }
}
