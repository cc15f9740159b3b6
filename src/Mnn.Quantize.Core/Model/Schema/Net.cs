// The MNN model format, release 3.6 (schema/default/MNN.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>Op</c> of MNN.fbs.</summary>
public sealed class Op
{
    [Slot(0)]
    public int[]? InputIndexes { get; set; }

    [Slot(2, UnionTagSlot = 1, Union = typeof(OpParameter))]
    public object? Main { get; set; }

    [Slot(3)]
    public string? Name { get; set; }

    [Slot(4)]
    public int[]? OutputIndexes { get; set; }

    [Slot(5)]
    public OpType Type { get; set; }

    [Slot(6, Default = MNN_DATA_FORMAT.NHWC)]
    public MNN_DATA_FORMAT DefaultDimentionFormat { get; set; } = MNN_DATA_FORMAT.NHWC;

    [Slot(7)]
    public string? ExternalPath { get; set; }
}

/// <summary>Table <c>View</c> of MNN.fbs.</summary>
public sealed class View
{
    [Slot(0)]
    public int Offset { get; set; }

    [Slot(1)]
    public int[]? Stride { get; set; }
}

/// <summary>Table <c>Region</c> of MNN.fbs.</summary>
public sealed class Region
{
    [Slot(0)]
    public View? Src { get; set; }

    [Slot(1)]
    public View? Dst { get; set; }

    [Slot(2)]
    public int[]? Size { get; set; }

    [Slot(3)]
    public int Origin { get; set; }
}

/// <summary>Table <c>TensorDescribe</c> of MNN.fbs.</summary>
public sealed class TensorDescribe
{
    [Slot(0)]
    public Blob? Blob { get; set; }

    [Slot(1)]
    public int Index { get; set; }

    [Slot(2)]
    public string? Name { get; set; }

    [Slot(3)]
    public List<Region>? Regions { get; set; }

    [Slot(4)]
    public TensorQuantInfo? QuantInfo { get; set; }
}

/// <summary>Enumeration <c>ForwardType</c> of MNN.fbs.</summary>
public enum ForwardType : sbyte
{
    CPU = 0,
    METAL = 1,
    CUDA = 2,
    OPENCL = 3,
    AUTO = 4,
    NNAPI = 5,
    OPENGLES = 6,
    VULKAN = 7,
}

/// <summary>Enumeration <c>Usage</c> of MNN.fbs.</summary>
public enum Usage : sbyte
{
    INFERENCE = 0,
    TRAIN = 1,
    INFERENCE_STATIC = 2,
}

/// <summary>Table <c>SubGraphProto</c> of MNN.fbs.</summary>
public sealed class SubGraphProto
{
    [Slot(0)]
    public string? Name { get; set; }

    [Slot(1)]
    public int[]? Inputs { get; set; }

    [Slot(2)]
    public int[]? Outputs { get; set; }

    [Slot(3)]
    public string[]? Tensors { get; set; }

    [Slot(4)]
    public List<Op>? Nodes { get; set; }

    [Slot(5)]
    public List<TensorDescribe>? ExtraTensorDescribe { get; set; }
}

/// <summary>Table <c>TensorQuantInfo</c> of MNN.fbs.</summary>
public sealed class TensorQuantInfo
{
    [Slot(0)]
    public float Scale { get; set; }

    [Slot(1)]
    public float Zero { get; set; }

    [Slot(2, Default = -128f)]
    public float Min { get; set; } = -128f;

    [Slot(3, Default = 127f)]
    public float Max { get; set; } = 127f;

    [Slot(4)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>Net</c> of MNN.fbs.</summary>
public sealed class Net
{
    [Slot(0)]
    public string? BizCode { get; set; }

    [Slot(1)]
    public List<TensorDescribe>? ExtraTensorDescribe { get; set; }

    [Slot(2)]
    public ExtraInfo? ExtraInfo { get; set; }

    [Slot(3)]
    public List<Op>? Oplists { get; set; }

    [Slot(4)]
    public string[]? OutputName { get; set; }

    [Slot(5)]
    public ForwardType PreferForwardType { get; set; }

    [Slot(6)]
    public NetSource SourceType { get; set; }

    [Slot(7)]
    public string[]? TensorName { get; set; }

    [Slot(8)]
    public int TensorNumber { get; set; }

    [Slot(9)]
    public Usage Usage { get; set; }

    [Slot(10)]
    public List<SubGraphProto>? Subgraphs { get; set; }

    [Slot(11)]
    public string? MnnUuid { get; set; }
}
