namespace Mnn.Quantize.FlatBuffers;

/// <summary>Where a table lies in a file. All members were checked against the file's length.</summary>
/// <param name="Position">First byte of the table: its int32 distance back to the vtable.</param>
/// <param name="VTable">First byte of the vtable: u16 own size, u16 table size, then a u16 offset a slot.</param>
/// <param name="Slots">Number of slots the vtable has.</param>
/// <param name="Size">Bytes of the table itself.</param>
internal readonly record struct TableView(int Position, int VTable, int Slots, int Size);
