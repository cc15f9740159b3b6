// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>Input</c> of CaffeOp.fbs.</summary>
public sealed class Input
{
    [Slot(0)]
    public int[]? Dims { get; set; }

    [Slot(1, Default = DataType.DT_FLOAT)]
    public DataType Dtype { get; set; } = DataType.DT_FLOAT;

    [Slot(2, Default = MNN_DATA_FORMAT.NC4HW4)]
    public MNN_DATA_FORMAT Dformat { get; set; } = MNN_DATA_FORMAT.NC4HW4;
}

/// <summary>Table <c>Fill</c> of TensorflowOp.fbs.</summary>
public sealed class Fill
{
}

/// <summary>Table <c>Range</c> of TensorflowOp.fbs.</summary>
public sealed class Range
{
    [Slot(0)]
    public DataType Tidx { get; set; }
}

/// <summary>Table <c>Rank</c> of TensorflowOp.fbs.</summary>
public sealed class Rank
{
}

/// <summary>Table <c>Size</c> of TensorflowOp.fbs.</summary>
public sealed class Size
{
    [Slot(0)]
    public DataType OutputDataType { get; set; }
}

/// <summary>Table <c>OneHotParam</c> of TensorflowOp.fbs.</summary>
public sealed class OneHotParam
{
    [Slot(0, Default = DataType.DT_FLOAT)]
    public DataType DType { get; set; } = DataType.DT_FLOAT;

    [Slot(1, Default = -1)]
    public int Axis { get; set; } = -1;
}

/// <summary>Table <c>RandomUniform</c> of TensorflowOp.fbs.</summary>
public sealed class RandomUniform
{
    [Slot(0)]
    public int Seed { get; set; }

    [Slot(1)]
    public int Seed2 { get; set; }

    [Slot(2, Default = DataType.DT_FLOAT)]
    public DataType Type { get; set; } = DataType.DT_FLOAT;

    [Slot(3)]
    public float Low { get; set; }

    [Slot(4, Default = 1.0f)]
    public float High { get; set; } = 1.0f;
}
