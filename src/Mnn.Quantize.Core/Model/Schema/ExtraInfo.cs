// The MNN model format, release 3.6 (schema/default/ExtraInfo.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>ExtraInfo</c> of ExtraInfo.fbs.</summary>
public sealed class ExtraInfo
{
    [Slot(0)]
    public sbyte[]? Buffer { get; set; }

    [Slot(1)]
    public string? Name { get; set; }

    [Slot(2)]
    public string? Version { get; set; }
}
