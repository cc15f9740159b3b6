namespace Mnn.Quantize.Generator;

/// <summary>One property with a slot. All members are text or numbers, so that equal sources give equal fields.</summary>
/// <param name="Namespace">Namespace of the table's class.</param>
/// <param name="Table">Name of the table's class.</param>
/// <param name="Name">Name of the property.</param>
/// <param name="Kind">How the field lies in a file.</param>
/// <param name="Slot">Index of the field's vtable entry.</param>
/// <param name="TagSlot">Index of the vtable entry of a union's tag, -1 for all else.</param>
/// <param name="Type">The property's type, or the type of its elements, from <c>global::</c> on.</param>
/// <param name="Number">The type of a number as it is stored: for an enum the type below it; empty for all else.</param>
/// <param name="Size">Bytes of the field in its table: those of the number, or 4 for an offset.</param>
/// <param name="Default">The default of a number as C#; empty for all else.</param>
/// <param name="Names">Of an enum: its values as C#. Of a union: its members' classes in the order of their tags. Parted by commas.</param>
internal sealed record Field(
    string Namespace, string Table, string Name, FieldKind Kind, int Slot, int TagSlot, string Type, string Number, int Size, string Default, string Names)
{
    /// <summary>Table and field, for messages.</summary>
    internal string FullName => $"{Table}.{Name}";

    /// <summary><see cref="Names"/> one by one.</summary>
    internal string[] NameList => Names.Length == 0 ? [] : Names.Split(',');
}
