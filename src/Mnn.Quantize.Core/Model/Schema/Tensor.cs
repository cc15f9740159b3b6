// The MNN model format, release 3.6 (schema/default/Tensor.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Enumeration <c>MNN_DATA_FORMAT</c> of Tensor.fbs.</summary>
public enum MNN_DATA_FORMAT : sbyte
{
    NCHW = 0,
    NHWC = 1,
    NC4HW4 = 2,
    NHWC4 = 3,
    UNKNOWN = 4,
}

/// <summary>Table <c>Blob</c> of Tensor.fbs.</summary>
public sealed class Blob
{
    [Slot(0)]
    public int[]? Dims { get; set; }

    [Slot(1)]
    public MNN_DATA_FORMAT DataFormat { get; set; }

    [Slot(2, Default = DataType.DT_FLOAT)]
    public DataType DataType { get; set; } = DataType.DT_FLOAT;

    [Slot(3)]
    public byte[]? Uint8s { get; set; }

    [Slot(4)]
    public sbyte[]? Int8s { get; set; }

    [Slot(5)]
    public int[]? Int32s { get; set; }

    [Slot(6)]
    public long[]? Int64s { get; set; }

    [Slot(7)]
    public float[]? Float32s { get; set; }

    [Slot(8)]
    public string[]? Strings { get; set; }

    [Slot(9)]
    public long[]? External { get; set; }
}

/// <summary>Table <c>ListValue</c> of Tensor.fbs.</summary>
public sealed class ListValue
{
    [Slot(0)]
    public string[]? S { get; set; }

    [Slot(1)]
    public int[]? I { get; set; }

    [Slot(2)]
    public float[]? F { get; set; }

    [Slot(3)]
    public bool[]? B { get; set; }

    [Slot(4)]
    public DataType[]? Type { get; set; }
}

/// <summary>Table <c>Attribute</c> of Tensor.fbs.</summary>
public sealed class Attribute
{
    [Slot(0)]
    public string? S { get; set; }

    [Slot(1)]
    public int I { get; set; }

    [Slot(2)]
    public bool B { get; set; }

    [Slot(3)]
    public string? Key { get; set; }

    [Slot(4)]
    public DataType Type { get; set; }

    [Slot(5)]
    public float F { get; set; }

    [Slot(6)]
    public Blob? Tensor { get; set; }

    [Slot(7)]
    public ListValue? List { get; set; }

    [Slot(8)]
    public NamedAttrList? Func { get; set; }
}

/// <summary>Table <c>NamedAttrList</c> of Tensor.fbs.</summary>
public sealed class NamedAttrList
{
    [Slot(0)]
    public string? Name { get; set; }

    [Slot(1)]
    public List<Attribute>? Attr { get; set; }
}
