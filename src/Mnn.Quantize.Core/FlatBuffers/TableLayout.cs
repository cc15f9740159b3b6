using System.Reflection;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers.Fields;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>How one table class lies in a file.</summary>
internal abstract class TableLayout
{
    /// <summary>Name of the table.</summary>
    internal abstract string Name { get; }

    /// <summary>The layout of a class known at run time only: a member of a union.</summary>
    internal static TableLayout For(Type table)
    {
        FieldInfo instance = typeof(TableLayout<>).MakeGenericType(table)
            .GetField(nameof(TableLayout<>.Instance), BindingFlags.Static | BindingFlags.NonPublic)!;
        return (TableLayout)instance.GetValue(null)!;
    }

    /// <summary>Reads a table of this layout.</summary>
    internal abstract object ReadObject(ref FlatReader reader, long position);

    /// <summary>Writes a table of this layout; gives its position.</summary>
    internal abstract long WriteObject(FlatWriter writer, object table);
}

/// <summary>
/// The fields of a table class, found once, when the first such table is met: a program pays only for the tables that
/// its models hold.
/// </summary>
/// <typeparam name="TTable">The table's class.</typeparam>
internal sealed class TableLayout<TTable> : TableLayout
    where TTable : class, new()
{
    /// <summary>The one layout of the class.</summary>
    internal static readonly TableLayout<TTable> Instance = new();

    private readonly FieldCodec<TTable>?[] bySlot;
    private readonly FieldCodec<TTable>[] bySize;

    private TableLayout()
    {
        List<FieldCodec<TTable>> fields = FieldFactory.FieldsOf<TTable>();
        bySlot = new FieldCodec<TTable>[fields.Count == 0 ? 0 : fields.Max(field => field.Slot) + 1];
        foreach (FieldCodec<TTable> field in fields)
        {
            bySlot[field.Slot] = bySlot[field.Slot] is null
                ? field
                : throw new InvalidOperationException($"Slot {field.Slot} of {Name} is declared twice.");
        }

        // Falling sizes need no padding between fields.
        bySize = [.. fields.OrderByDescending(field => field.Size).ThenBy(field => field.Slot)];
    }

    /// <inheritdoc/>
    internal override string Name => typeof(TTable).Name;

    /// <inheritdoc/>
    internal override object ReadObject(ref FlatReader reader, long position) => Read(ref reader, position);

    /// <inheritdoc/>
    internal override long WriteObject(FlatWriter writer, object table) => Write(writer, (TTable)table);

    /// <summary>Reads a table. Properties of fields that aren't stored keep the values their initializers gave them.</summary>
    internal TTable Read(ref FlatReader reader, long position)
    {
        TableView view = reader.Enter(position, Name);
        var table = new TTable();
        for (int slot = 0; slot < view.Slots; slot++)
        {
            int offset = reader.FieldOffset(view, slot);
            if (offset == 0)
            {
                continue;
            }

            FieldCodec<TTable> field = (slot < bySlot.Length ? bySlot[slot] : null)
                ?? throw Errors.ModelUnknownField(reader.File, Name, slot, bySlot.Length);
            if (offset < sizeof(int) || offset + field.Size > view.Size)
            {
                throw Errors.ModelDamaged(
                    reader.File, field.FullName, $"it lies at byte {offset} of a table of {view.Size} bytes");
            }

            field.Read(ref reader, view, table, view.Position + offset);
        }

        reader.Leave();
        return table;
    }

    /// <summary>Writes a table, its vtable before it if new, its children behind it; gives its position.</summary>
    internal long Write(FlatWriter writer, TTable table)
    {
        writer.Enter(Name);
        Span<ushort> vtable = stackalloc ushort[2 + bySlot.Length];
        Plan(table, vtable, out int slots, out int alignment);
        long vtableStart = writer.VTable(vtable[..(2 + slots)]);
        long start = writer.Reserve(vtable[1], alignment, sizeof(int));
        writer.Put(start, (int)(start - vtableStart));
        for (int slot = 0; slot < slots; slot++)
        {
            if (vtable[2 + slot] != 0)
            {
                bySlot[slot]!.Write(writer, table, start + vtable[2 + slot]);
            }
        }

        writer.Leave();
        return start;
    }

    private void Plan(TTable table, Span<ushort> vtable, out int slots, out int alignment)
    {
        vtable.Clear();
        slots = 0;
        alignment = sizeof(int);
        int size = sizeof(int);
        foreach (FieldCodec<TTable> field in bySize)
        {
            if (!field.IsPresent(table))
            {
                continue;
            }

            vtable[2 + field.Slot] = (ushort)size;
            size += field.Size;
            slots = Math.Max(slots, field.Slot + 1);
            alignment = Math.Max(alignment, field.Size);
        }

        vtable[0] = (ushort)((2 + slots) * sizeof(ushort));
        vtable[1] = (ushort)size;
    }
}
