// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>Axis</c> of CaffeOp.fbs.</summary>
public sealed class Axis
{
    [Slot(0)]
    public int AxisValue { get; set; }
}

/// <summary>Table <c>Flatten</c> of CaffeOp.fbs.</summary>
public sealed class Flatten
{
    [Slot(0)]
    public int Axis { get; set; }

    [Slot(1)]
    public int EndAxis { get; set; }
}

/// <summary>Table <c>Permute</c> of CaffeOp.fbs.</summary>
public sealed class Permute
{
    [Slot(0)]
    public int[]? Dims { get; set; }
}

/// <summary>Table <c>Transpose</c> of TensorflowOp.fbs.</summary>
public sealed class Transpose
{
    [Slot(0)]
    public DataType Tperm { get; set; }
}

/// <summary>Table <c>Reshape</c> of CaffeOp.fbs.</summary>
public sealed class Reshape
{
    [Slot(0)]
    public int[]? Dims { get; set; }

    [Slot(1)]
    public MNN_DATA_FORMAT DimType { get; set; }
}

/// <summary>Table <c>SqueezeParam</c> of TensorflowOp.fbs.</summary>
public sealed class SqueezeParam
{
    [Slot(0)]
    public int[]? SqueezeDims { get; set; }
}

/// <summary>Table <c>ExpandDims</c> of TensorflowOp.fbs.</summary>
public sealed class ExpandDims
{
    [Slot(0)]
    public DataType T { get; set; }

    [Slot(1)]
    public DataType Tdim { get; set; }

    [Slot(2)]
    public int Axis { get; set; }
}

/// <summary>Table <c>PackParam</c> of TensorflowOp.fbs.</summary>
public sealed class PackParam
{
    [Slot(0)]
    public DataType DataType { get; set; }

    [Slot(1)]
    public int Axis { get; set; }
}

/// <summary>Table <c>SpaceBatch</c> of TensorflowOp.fbs.</summary>
public sealed class SpaceBatch
{
    [Slot(0)]
    public Blob? BlockShape { get; set; }

    [Slot(1)]
    public Blob? Padding { get; set; }
}

/// <summary>Enumeration <c>DepthToSpaceMode</c> of TensorflowOp.fbs.</summary>
public enum DepthToSpaceMode : sbyte
{
    DCR = 0,
    CRD = 1,
}

/// <summary>Table <c>DepthSpaceParam</c> of TensorflowOp.fbs.</summary>
public sealed class DepthSpaceParam
{
    [Slot(0)]
    public int BlockSize { get; set; }

    [Slot(1)]
    public DepthToSpaceMode Mode { get; set; }
}
