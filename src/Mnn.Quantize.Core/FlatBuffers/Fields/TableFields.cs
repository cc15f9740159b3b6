using System.Reflection;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A table.</summary>
/// <typeparam name="TTable">Class of the table that holds it.</typeparam>
/// <typeparam name="TChild">Class of the table.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal sealed class TableField<TTable, TChild>(PropertyInfo property, int slot)
    : ReferenceField<TTable, TChild>(property, slot)
    where TTable : class, new()
    where TChild : class, new()
{
    /// <inheritdoc/>
    protected override TChild ReadChild(ref FlatReader reader, long position) =>
        TableLayout<TChild>.Instance.Read(ref reader, position);

    /// <inheritdoc/>
    protected override long WriteChild(FlatWriter writer, TChild child) =>
        TableLayout<TChild>.Instance.Write(writer, child);
}

/// <summary>A vector of tables.</summary>
/// <typeparam name="TTable">Class of the table that holds it.</typeparam>
/// <typeparam name="TChild">Class of the elements.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal sealed class TableListField<TTable, TChild>(PropertyInfo property, int slot)
    : ReferenceField<TTable, List<TChild>>(property, slot)
    where TTable : class, new()
    where TChild : class, new()
{
    /// <inheritdoc/>
    protected override List<TChild> ReadChild(ref FlatReader reader, long position)
    {
        (int first, int count) = reader.Vector(position, sizeof(uint), FullName);
        var tables = new List<TChild>(count);
        for (int i = 0; i < count; i++)
        {
            tables.Add(TableLayout<TChild>.Instance.Read(ref reader, reader.Follow(first + (4L * i), FullName)));
        }

        return tables;
    }

    /// <inheritdoc/>
    protected override long WriteChild(FlatWriter writer, List<TChild> child)
    {
        long start = writer.ReserveVector(child.Count, sizeof(uint));
        for (int i = 0; i < child.Count; i++)
        {
            writer.PutOffset(start + 4 + (4L * i), TableLayout<TChild>.Instance.Write(writer, child[i]));
        }

        return start;
    }
}
