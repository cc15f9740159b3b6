namespace Mnn.Quantize.FlatBuffers;

/// <summary>
/// Places a property in the FlatBuffers vtable of its table. A table's class has one such property a field;
/// the code that reads and writes the table is generated from them.
/// </summary>
/// <param name="slot">Index of the field's vtable entry: its position in the schema, where a union counts twice.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SlotAttribute(int slot) : Attribute
{
    /// <summary>Index of the field's vtable entry, 0 for the first field.</summary>
    public int Slot { get; } = slot;

    /// <summary>The schema's default of a scalar or enum field; null means zero. A field equal to it is not stored.</summary>
    public object? Default { get; set; }

    /// <summary>For a union: the vtable entry that holds the member's tag (ubyte); otherwise -1.</summary>
    public int UnionTagSlot { get; set; } = -1;

    /// <summary>For a union: the class whose static <c>Members</c> lists the member tables in tag order.</summary>
    public Type? Union { get; set; }
}
