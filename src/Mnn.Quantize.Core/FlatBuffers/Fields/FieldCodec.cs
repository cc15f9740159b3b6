using System.Reflection;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>Moves one field between a file and a property.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal abstract class FieldCodec<TTable>(PropertyInfo property, int slot)
    where TTable : class, new()
{
    /// <summary>Index of the field's vtable entry.</summary>
    internal int Slot { get; } = slot;

    /// <summary>Table and field, for messages.</summary>
    internal string FullName { get; } = $"{typeof(TTable).Name}.{property.Name}";

    /// <summary>Bytes the field takes in its table: those of the scalar, or 4 for an offset.</summary>
    internal abstract int Size { get; }

    /// <summary>Whether the field has to be stored.</summary>
    internal abstract bool IsPresent(TTable table);

    /// <summary>Reads the field that lies at <paramref name="position"/>, inside its table.</summary>
    internal abstract void Read(ref FlatReader reader, in TableView view, TTable table, int position);

    /// <summary>Writes the field at <paramref name="at"/>, and what it points to behind all that was written so far.</summary>
    internal abstract void Write(FlatWriter writer, TTable table, long at);
}

/// <summary>A field that is an offset to something of its own: string, vector, table.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <typeparam name="TChild">Type of the property.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal abstract class ReferenceField<TTable, TChild>(PropertyInfo property, int slot)
    : FieldCodec<TTable>(property, slot)
    where TTable : class, new()
    where TChild : class
{
    private readonly Func<TTable, TChild?> get = property.GetMethod!.CreateDelegate<Func<TTable, TChild?>>();
    private readonly Action<TTable, TChild?> set = property.SetMethod!.CreateDelegate<Action<TTable, TChild?>>();

    /// <inheritdoc/>
    internal override int Size => sizeof(uint);

    /// <inheritdoc/>
    internal override bool IsPresent(TTable table) => get(table) is not null;

    /// <inheritdoc/>
    internal override void Read(ref FlatReader reader, in TableView view, TTable table, int position) =>
        set(table, ReadChild(ref reader, reader.Follow(position, FullName)));

    /// <inheritdoc/>
    internal override void Write(FlatWriter writer, TTable table, long at) =>
        writer.PutOffset(at, WriteChild(writer, get(table)!));

    /// <summary>Reads what lies at <paramref name="position"/>.</summary>
    protected abstract TChild ReadChild(ref FlatReader reader, long position);

    /// <summary>Writes the child; gives its position.</summary>
    protected abstract long WriteChild(FlatWriter writer, TChild child);
}
