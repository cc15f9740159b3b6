using System.Reflection;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>The tables that a union may hold. Their layouts are found when first met.</summary>
internal sealed class UnionMembers
{
    private readonly IReadOnlyList<Type> types;
    private readonly TableLayout?[] layouts;
    private readonly Dictionary<Type, int> tags = [];

    /// <param name="union">A class whose static <c>Members</c> lists the tables in the order of their tags.</param>
    internal UnionMembers(Type union)
    {
        types = (IReadOnlyList<Type>)union.GetProperty("Members", BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null)!;
        layouts = new TableLayout[types.Count];
        for (int i = 0; i < types.Count; i++)
        {
            tags.Add(types[i], i + 1);
        }
    }

    /// <summary>Number of members; tags run from 1 to it.</summary>
    internal int Count => types.Count;

    /// <summary>The tag of a table.</summary>
    internal int TagOf(object table) =>
        tags.TryGetValue(table.GetType(), out int tag)
            ? tag
            : throw new InvalidOperationException($"{table.GetType().Name} is no member of the union.");

    /// <summary>The layout of the member with this tag.</summary>
    internal TableLayout Layout(int tag) => layouts[tag - 1] ??= TableLayout.For(types[tag - 1]);
}

/// <summary>The field that says which table a union holds. It is read with the table.</summary>
/// <typeparam name="TTable">Class of the table that holds the union.</typeparam>
/// <param name="property">The union's property.</param>
/// <param name="slot">Index of the tag's vtable entry.</param>
/// <param name="members">What the union may hold.</param>
internal sealed class UnionTagField<TTable>(PropertyInfo property, int slot, UnionMembers members)
    : FieldCodec<TTable>(property, slot)
    where TTable : class, new()
{
    private readonly Func<TTable, object?> get = property.GetMethod!.CreateDelegate<Func<TTable, object?>>();

    /// <inheritdoc/>
    internal override int Size => sizeof(byte);

    /// <inheritdoc/>
    internal override bool IsPresent(TTable table) => get(table) is not null;

    /// <inheritdoc/>
    internal override void Read(ref FlatReader reader, in TableView view, TTable table, int position)
    {
        int tag = reader.ReadScalar<byte>(position);
        if (tag > members.Count)
        {
            throw Errors.ModelUnknownUnionMember(reader.File, FullName, tag, members.Count);
        }
    }

    /// <inheritdoc/>
    internal override void Write(FlatWriter writer, TTable table, long at) =>
        writer.Put(at, (byte)members.TagOf(get(table)!));
}

/// <summary>The table that a union holds. A tag without a table reads as null, as it does in the MNN runtime.</summary>
/// <typeparam name="TTable">Class of the table that holds the union.</typeparam>
/// <param name="property">The union's property.</param>
/// <param name="slot">Places of the table and its tag.</param>
/// <param name="members">What the union may hold.</param>
internal sealed class UnionField<TTable>(PropertyInfo property, SlotAttribute slot, UnionMembers members)
    : FieldCodec<TTable>(property, slot.Slot)
    where TTable : class, new()
{
    private readonly Func<TTable, object?> get = property.GetMethod!.CreateDelegate<Func<TTable, object?>>();
    private readonly Action<TTable, object?> set = property.SetMethod!.CreateDelegate<Action<TTable, object?>>();

    /// <inheritdoc/>
    internal override int Size => sizeof(uint);

    /// <inheritdoc/>
    internal override bool IsPresent(TTable table) => get(table) is not null;

    /// <inheritdoc/>
    internal override void Read(ref FlatReader reader, in TableView view, TTable table, int position)
    {
        // The tag's slot comes before the table's, so its place and value have been checked.
        int tagOffset = reader.FieldOffset(view, slot.UnionTagSlot);
        int tag = tagOffset == 0 ? 0 : reader.ReadScalar<byte>(view.Position + tagOffset);
        if (tag == 0)
        {
            throw Errors.ModelDamaged(reader.File, FullName, "it has a table but no tag that says which");
        }

        set(table, members.Layout(tag).ReadObject(ref reader, reader.Follow(position, FullName)));
    }

    /// <inheritdoc/>
    internal override void Write(FlatWriter writer, TTable table, long at)
    {
        object child = get(table)!;
        writer.PutOffset(at, members.Layout(members.TagOf(child)).WriteObject(writer, child));
    }
}
