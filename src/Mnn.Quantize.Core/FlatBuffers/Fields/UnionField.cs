using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A union: one of several tables, and the tag that says which, in a slot before the table's.</summary>
internal static class UnionField
{
    /// <summary>Refuses a tag above the number of members. The tag is used when the table is read.</summary>
    internal static void CheckTag(ref FlatReader reader, int position, string where, int members)
    {
        int tag = reader.ReadScalar<byte>(position);
        if (tag > members)
        {
            throw Errors.ModelUnknownUnionMember(reader.File, where, tag, members);
        }
    }

    /// <summary>Reads the table. A tag without a table reads as null, as it does in the MNN runtime.</summary>
    internal static object Read(ref FlatReader reader, in TableView view, int position, int tagSlot, string where, UnionLayouts layouts)
    {
        // The tag's slot comes before the table's, so its place and value have been checked.
        int tagOffset = reader.FieldOffset(view, tagSlot);
        int tag = tagOffset == 0 ? 0 : reader.ReadScalar<byte>(view.Position + tagOffset);
        return tag != 0
            ? layouts.Layout(tag).ReadObject(ref reader, reader.Follow(position, where))
            : throw Errors.ModelDamaged(reader.File, where, "it has a table but no tag that says which");
    }

    /// <summary>Writes the table; gives its position.</summary>
    internal static long Write(FlatWriter writer, object table, UnionLayouts layouts) =>
        layouts.Layout(layouts.TagOf(table)).WriteObject(writer, table);
}
