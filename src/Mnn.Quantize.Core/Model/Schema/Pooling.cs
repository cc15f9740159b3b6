// The MNN model format, release 3.6 (schema/default/CaffeOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Enumeration <c>PoolType</c> of CaffeOp.fbs.</summary>
public enum PoolType : sbyte
{
    MAXPOOL = 0,
    AVEPOOL = 1,
}

/// <summary>Enumeration <c>PoolPadType</c> of CaffeOp.fbs.</summary>
public enum PoolPadType : sbyte
{
    CAFFE = 0,
    VALID = 1,
    SAME = 2,
}

/// <summary>Enumeration <c>AvgPoolCountType</c> of CaffeOp.fbs.</summary>
public enum AvgPoolCountType : sbyte
{
    DEFAULT = 0,
    INCLUDE_PADDING = 1,
    EXCLUDE_PADDING = 2,
}

/// <summary>Table <c>Pool</c> of CaffeOp.fbs.</summary>
public sealed class Pool
{
    [Slot(0)]
    public int PadX { get; set; }

    [Slot(1)]
    public int PadY { get; set; }

    [Slot(2)]
    public bool IsGlobal { get; set; }

    [Slot(3)]
    public int KernelX { get; set; }

    [Slot(4)]
    public int KernelY { get; set; }

    [Slot(5)]
    public int StrideX { get; set; }

    [Slot(6)]
    public int StrideY { get; set; }

    [Slot(7)]
    public PoolType Type { get; set; }

    [Slot(8)]
    public PoolPadType PadType { get; set; }

    [Slot(9, Default = DataType.DT_FLOAT)]
    public DataType DataType { get; set; } = DataType.DT_FLOAT;

    [Slot(10, Default = true)]
    public bool CeilModel { get; set; } = true;

    [Slot(11)]
    public int[]? Pads { get; set; }

    [Slot(12)]
    public AvgPoolCountType CountType { get; set; }
}

/// <summary>Table <c>Pool3D</c> of CaffeOp.fbs.</summary>
public sealed class Pool3D
{
    [Slot(0)]
    public int[]? Strides { get; set; }

    [Slot(1)]
    public int[]? Kernels { get; set; }

    [Slot(2)]
    public int[]? Pads { get; set; }

    [Slot(3)]
    public PoolType Type { get; set; }

    [Slot(4)]
    public PoolPadType PadType { get; set; }

    [Slot(5)]
    public bool IsGlobal { get; set; }
}
