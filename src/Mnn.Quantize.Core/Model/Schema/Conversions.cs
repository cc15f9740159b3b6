// The MNN model format, release 3.6 (schema/default/TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>CastParam</c> of TensorflowOp.fbs.</summary>
public sealed class CastParam
{
    [Slot(0)]
    public DataType SrcT { get; set; }

    [Slot(1)]
    public DataType DstT { get; set; }
}

/// <summary>Table <c>AsString</c> of TensorflowOp.fbs.</summary>
public sealed class AsString
{
    [Slot(0)]
    public DataType T { get; set; }

    [Slot(1)]
    public int Precision { get; set; }

    [Slot(2)]
    public bool Scientific { get; set; }

    [Slot(3)]
    public bool Shortest { get; set; }

    [Slot(4)]
    public int Width { get; set; }

    [Slot(5)]
    public string? FillString { get; set; }
}

/// <summary>Table <c>QuantizeMaxMin</c> of TensorflowOp.fbs.</summary>
public sealed class QuantizeMaxMin
{
    [Slot(0)]
    public DataType T { get; set; }
}
