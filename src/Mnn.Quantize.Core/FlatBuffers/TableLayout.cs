using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>How one table class lies in a file.</summary>
internal abstract class TableLayout
{
    /// <summary>Name of the table.</summary>
    internal abstract string Name { get; }

    /// <summary>Reads a table of this layout.</summary>
    internal abstract object ReadObject(ref FlatReader reader, long position);

    /// <summary>Writes a table of this layout; gives its position.</summary>
    internal abstract long WriteObject(FlatWriter writer, object table);
}

/// <summary>
/// What the layouts of all table classes share. What differs, the code for each field, is generated from the class: see
/// <c>LayoutGenerator</c>.
/// </summary>
/// <typeparam name="TTable">The table's class.</typeparam>
internal abstract class TableLayout<TTable> : TableLayout
    where TTable : class, new()
{
    /// <summary>Bytes of each slot's field in the table, 0 for a slot without a field.</summary>
    protected abstract ReadOnlySpan<byte> Sizes { get; }

    /// <summary>The slots with fields in the order in which the fields are laid out: falling sizes.</summary>
    protected abstract ReadOnlySpan<byte> SlotsBySize { get; }

    /// <inheritdoc/>
    internal override object ReadObject(ref FlatReader reader, long position) => Read(ref reader, position);

    /// <inheritdoc/>
    internal override long WriteObject(FlatWriter writer, object table) => Write(writer, (TTable)table);

    /// <summary>Reads a table. Properties of fields that aren't stored keep the values their initializers gave them.</summary>
    internal TTable Read(ref FlatReader reader, long position)
    {
        TableView view = reader.Enter(position, Name);
        ReadOnlySpan<byte> sizes = Sizes;
        var table = new TTable();
        for (int slot = 0; slot < view.Slots; slot++)
        {
            int offset = reader.FieldOffset(view, slot);
            if (offset == 0)
            {
                continue;
            }

            int size = slot < sizes.Length ? sizes[slot] : 0;
            if (size == 0)
            {
                throw Errors.ModelUnknownField(reader.File, Name, slot, sizes.Length);
            }

            if (offset < sizeof(int) || offset + size > view.Size)
            {
                throw Errors.ModelDamaged(
                    reader.File, FullName(slot), $"it lies at byte {offset} of a table of {view.Size} bytes");
            }

            ReadField(ref reader, view, table, slot, view.Position + offset);
        }

        reader.Leave();
        return table;
    }

    /// <summary>Writes a table, its vtable before it if new, its children behind it; gives its position.</summary>
    internal long Write(FlatWriter writer, TTable table)
    {
        writer.Enter(Name);
        Span<ushort> vtable = stackalloc ushort[2 + Sizes.Length];
        Plan(table, vtable, out int slots, out int alignment);
        long vtableStart = writer.VTable(vtable[..(2 + slots)]);
        long start = writer.Reserve(vtable[1], alignment, sizeof(int));
        writer.Put(start, (int)(start - vtableStart));
        for (int slot = 0; slot < slots; slot++)
        {
            if (vtable[2 + slot] != 0)
            {
                WriteField(writer, table, slot, start + vtable[2 + slot]);
            }
        }

        writer.Leave();
        return start;
    }

    /// <summary>Table and field, for messages.</summary>
    protected abstract string FullName(int slot);

    /// <summary>Whether the slot's field has to be stored.</summary>
    protected abstract bool IsPresent(TTable table, int slot);

    /// <summary>Reads the slot's field, which lies at <paramref name="position"/>, inside its table.</summary>
    protected abstract void ReadField(ref FlatReader reader, in TableView view, TTable table, int slot, int position);

    /// <summary>Writes the slot's field at <paramref name="at"/>, and what it points to behind all that was written so far.</summary>
    protected abstract void WriteField(FlatWriter writer, TTable table, int slot, long at);

    private void Plan(TTable table, Span<ushort> vtable, out int slots, out int alignment)
    {
        vtable.Clear();
        slots = 0;
        alignment = sizeof(int);
        int position = sizeof(int);
        ReadOnlySpan<byte> sizes = Sizes;
        foreach (byte slot in SlotsBySize)
        {
            if (!IsPresent(table, slot))
            {
                continue;
            }

            int size = sizes[slot];
            vtable[2 + slot] = (ushort)position;
            position += size;
            slots = Math.Max(slots, slot + 1);
            alignment = Math.Max(alignment, size);
        }

        vtable[0] = (ushort)((2 + slots) * sizeof(ushort));
        vtable[1] = (ushort)position;
    }
}
