namespace Mnn.Quantize.Generator;

/// <summary>What one slot holds: a field, or the tag of one.</summary>
/// <param name="Slot">Index of the vtable entry.</param>
/// <param name="Size">Bytes in the table.</param>
/// <param name="IsTag">Whether it is the tag of a union.</param>
/// <param name="Field">The field.</param>
internal sealed record Place(int Slot, int Size, bool IsTag, Field Field);
