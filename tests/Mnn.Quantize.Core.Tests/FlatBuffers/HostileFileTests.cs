using System.Buffers.Binary;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

[TestClass]
public sealed class HostileFileTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    [DataRow(7)]
    public void A_file_of_fewer_than_eight_bytes_is_no_model(int length) => Assert.AreEqual(2006, Code(new byte[length]));

    [TestMethod]
    public void A_root_behind_the_end_is_no_model() =>
        Assert.AreEqual(2006, Code([0xFF, 0xFF, 0xFF, 0xFF, 4, 0, 4, 0, 4, 0, 0, 0]));

    [TestMethod]
    public void A_field_in_an_unknown_slot_is_named()
    {
        var builder = new HandBuilder();
        QuantizeException e = Refused(builder.Finish(builder.Table((23, [1, 0, 0, 0], 0))));

        Assert.AreEqual(2009, e.Diagnostic.Code);
        StringAssert.Contains(e.Message, "table Sample has a field in slot 23");
    }

    [TestMethod]
    public void An_unknown_member_of_a_union_is_named()
    {
        var builder = new HandBuilder();
        int leaf = builder.Table();
        QuantizeException e = Refused(builder.Finish(builder.Table((14, [3], 0), (15, null, leaf))));

        Assert.AreEqual(2010, e.Diagnostic.Code);
        StringAssert.Contains(e.Message, "Sample.Either holds member 3, known are 1 to 2");
    }

    [TestMethod]
    public void A_table_in_a_union_without_a_tag_is_refused()
    {
        var builder = new HandBuilder();
        int leaf = builder.Table();
        Assert.AreEqual(2008, Code(builder.Finish(builder.Table((15, null, leaf)))));
    }

    [TestMethod]
    public void A_tag_without_a_table_reads_as_null()
    {
        var builder = new HandBuilder();
        byte[] file = builder.Finish(builder.Table((14, [2], 0)));
        Assert.IsNull(FlatBufferSerializer.Read(SampleLayout.Instance, file, "tag").Either);
    }

    [TestMethod]
    public void An_unknown_value_of_an_enum_is_named()
    {
        var builder = new HandBuilder();
        QuantizeException e = Refused(builder.Finish(builder.Table((5, [0xFE], 0))));

        Assert.AreEqual(2011, e.Diagnostic.Code);
        StringAssert.Contains(e.Message, "Sample.Kind is -2, which is no value of SampleKind");
    }

    [TestMethod]
    public void An_unknown_value_in_a_vector_of_enums_is_named()
    {
        var builder = new HandBuilder();
        int kinds = builder.Raw([3, 0, 9]);
        Assert.AreEqual(2011, Code(builder.Finish(builder.Table((10, null, kinds)))));
    }

    [TestMethod]
    public void Text_that_is_not_UTF_8_is_refused()
    {
        var builder = new HandBuilder();
        int text = builder.Raw([(byte)'a', 0xC3, (byte)'b'], terminated: true);
        Assert.AreEqual(2008, Code(builder.Finish(builder.Table((6, null, text)))));
    }

    [TestMethod]
    public void Text_without_its_zero_is_refused()
    {
        byte[] file = FlatBufferSerializer.Write(SampleLayout.Instance, new Sample { Text = "abc" });
        file[^1] = 1;
        Assert.AreEqual(2008, Code(file));
    }

    [TestMethod]
    public void An_offset_of_zero_is_refused()
    {
        byte[] file = FlatBufferSerializer.Write(SampleLayout.Instance, new Sample { Texts = ["abc"] });
        int offset = file.Length - 4 - 4 - 4;
        Assert.AreEqual(4u, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset)));
        file[offset] = 0;
        Assert.AreEqual(2008, Code(file));
    }

    [TestMethod]
    [DataRow(64, 0)]
    [DataRow(65, 2012)]
    public void Tables_may_be_nested_64_deep(int depth, int code)
    {
        var builder = new HandBuilder();
        int table = builder.Table();
        for (int i = 1; i < depth; i++)
        {
            table = builder.Table((12, null, table));
        }

        byte[] file = builder.Finish(table);
        if (code == 0)
        {
            Assert.IsNotNull(FlatBufferSerializer.Read(SampleLayout.Instance, file, "deep").Child);
        }
        else
        {
            Assert.AreEqual(code, Code(file));
        }
    }

    [TestMethod]
    public void A_small_file_does_not_unfold_into_many_tables()
    {
        // Ten levels of a hundred references to one table: 10^20 tables if each were read.
        var builder = new HandBuilder();
        int table = builder.Table();
        for (int level = 0; level < 10; level++)
        {
            table = builder.Table((13, null, builder.Offsets([.. Enumerable.Repeat(table, 100)])));
        }

        Assert.AreEqual(2013, Code(builder.Finish(table)));
    }

    [TestMethod]
    public void A_vector_longer_than_the_file_is_refused_before_it_is_allocated()
    {
        byte[] file = FlatBufferSerializer.Write(SampleLayout.Instance, new Sample { Longs = [1] });
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 12), uint.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.AreEqual(2007, Code(file));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static QuantizeException Refused(byte[] file) =>
        Assert.ThrowsExactly<QuantizeException>(() => FlatBufferSerializer.Read(SampleLayout.Instance, file, "hostile.mnn"));

    private static int Code(byte[] file) => Refused(file).Diagnostic.Code;
}
