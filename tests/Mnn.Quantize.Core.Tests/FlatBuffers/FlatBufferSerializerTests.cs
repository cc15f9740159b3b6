using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

[TestClass]
public sealed class FlatBufferSerializerTests
{
    [TestMethod]
    public void Every_kind_of_field_survives_writing_and_reading()
    {
        Sample sample = Full(3);
        byte[] file = FlatBufferSerializer.Write(SampleLayout.Instance, sample);

        GraphEquality.AreEqual(sample, FlatBufferSerializer.Read(SampleLayout.Instance, file, "sample"));
        HandVerifier.Verify(file, sample);
    }

    [TestMethod]
    public void Equal_graphs_give_equal_bytes() =>
        CollectionAssert.AreEqual(
            FlatBufferSerializer.Write(SampleLayout.Instance, Full(2)), FlatBufferSerializer.Write(SampleLayout.Instance, Full(2)));

    [TestMethod]
    public void Null_empty_and_negative_zero_are_kept_apart()
    {
        var sample = new Sample { Text = "", Ints = [], Longs = [], Texts = [], Children = [], Real = -0f, Kinds = [] };
        Sample read = RoundTrip(sample);

        GraphEquality.AreEqual(sample, read);
        Assert.IsNull(read.Bytes);
        Assert.IsNull(RoundTrip(new Sample()).Text);
        GraphEquality.AreEqual(new SampleLeaf(), RoundTrip(new Sample { Either = new SampleLeaf() }).Either!);
        GraphEquality.AreEqual(new Sample { Precise = -0.0 }, RoundTrip(new Sample { Precise = -0.0 }));
    }

    [TestMethod]
    public void A_table_of_defaults_takes_its_vtable_of_four_bytes_and_its_head_of_four() =>
        CollectionAssert.AreEqual(
            (byte[])[8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0], FlatBufferSerializer.Write(SampleLayout.Instance, new Sample()));

    [TestMethod]
    public void Equal_vtables_are_stored_once()
    {
        static int Length(int children) => FlatBufferSerializer.Write(
            SampleLayout.Instance,
            new Sample { Children = [.. Enumerable.Range(1, children).Select(i => new Sample { Number = 100 + i })] }).Length;

        Assert.AreEqual(12, Length(11) - Length(10));
    }

    [TestMethod]
    public void A_file_of_another_hand_is_read()
    {
        var builder = new HandBuilder();
        int leaf = builder.Table((0, [0x34, 0x12], 0));
        int text = builder.String("Grüße");
        int texts = builder.Offsets(text, text);
        int longs = builder.Longs(long.MinValue, 5);
        int ints = builder.Ints(1, -2, 3);
        int child = builder.Table((1, BitConverter.GetBytes(-9), 0), (6, null, text));
        int children = builder.Offsets(child);
        byte[] file = builder.Finish(builder.Table(
            (2, BitConverter.GetBytes(1L << 40), 0), (5, [3], 0), (4, [0], 0), (6, null, text), (7, null, ints),
            (8, null, longs), (11, null, texts), (13, null, children), (14, [1], 0), (15, null, leaf)));

        var expected = new Sample
        {
            Large = 1L << 40,
            Kind = SampleKind.Fancy,
            Flag = false,
            Text = "Grüße",
            Ints = [1, -2, 3],
            Longs = [long.MinValue, 5],
            Texts = ["Grüße", "Grüße"],
            Either = new SampleLeaf { Value = 0x1234 },
            Children = [new Sample { Number = -9, Text = "Grüße" }],
        };
        GraphEquality.AreEqual(expected, FlatBufferSerializer.Read(SampleLayout.Instance, file, "hand"));
    }

    [TestMethod]
    public void A_file_may_lie_at_any_address()
    {
        byte[] file = FlatBufferSerializer.Write(SampleLayout.Instance, Full(1));
        for (int shift = 1; shift < 8; shift++)
        {
            byte[] moved = [.. new byte[shift], .. file];
            GraphEquality.AreEqual(Full(1), FlatBufferSerializer.Read(SampleLayout.Instance, moved.AsSpan(shift), "moved"));
        }
    }

    [TestMethod]
    public void A_graph_that_refers_to_itself_is_refused()
    {
        var sample = new Sample();
        sample.Child = sample;
        Assert.AreEqual(2012, Code(() => FlatBufferSerializer.Write(SampleLayout.Instance, sample)));
    }

    [TestMethod]
    public void A_graph_of_over_two_gigabytes_is_refused_before_it_is_allocated()
    {
        // The same 256 MiB, never touched, nine times.
        byte[] block = GC.AllocateUninitializedArray<byte>(1 << 28);
        var sample = new Sample { Children = [.. Enumerable.Range(0, 9).Select(_ => new Sample { Bytes = block })] };
        Assert.AreEqual(2014, Code(() => FlatBufferSerializer.Write(SampleLayout.Instance, sample)));
    }

    private static Sample RoundTrip(Sample sample) =>
        FlatBufferSerializer.Read(SampleLayout.Instance, FlatBufferSerializer.Write(SampleLayout.Instance, sample), "sample");

    private static Sample Full(int depth) => new()
    {
        Small = -3,
        Number = 0,
        Large = long.MaxValue,
        Real = 0,
        Flag = false,
        Kind = SampleKind.Fancy,
        Text = "tab\t, ü, 中, 🙂",
        Ints = [int.MinValue, 0, 1],
        Longs = [1L << 50],
        Flags = [true, false, true],
        Kinds = [SampleKind.Fancy, SampleKind.Plain],
        Texts = ["a", "", "abcd"],
        Precise = 1e300,
        Bytes = [1, 2, 3, 4, 5],
        Child = depth == 0 ? null : Full(depth - 1),
        Children = [new Sample(), new Sample { Large = 1 }, new Sample { Flag = false, Longs = [1, 2, 3] }],
        Either = depth % 2 == 0 ? new SampleLeaf { Value = 65535 } : new SampleEmpty(),
    };

    private static int Code(Func<object> action) => Assert.ThrowsExactly<QuantizeException>(action).Diagnostic.Code;
}
