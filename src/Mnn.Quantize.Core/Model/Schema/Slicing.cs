// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>Slice</c> of CaffeOp.fbs.</summary>
public sealed class Slice
{
    [Slot(0)]
    public int Axis { get; set; }

    [Slot(1)]
    public int[]? SlicePoints { get; set; }

    [Slot(2)]
    public NetSource SourceType { get; set; }
}

/// <summary>Table <c>SliceTf</c> of TensorflowOp.fbs.</summary>
public sealed class SliceTf
{
    [Slot(0)]
    public DataType T { get; set; }
}

/// <summary>Table <c>StridedSliceParam</c> of TensorflowOp.fbs.</summary>
public sealed class StridedSliceParam
{
    [Slot(0)]
    public DataType Index { get; set; }

    [Slot(1)]
    public DataType T { get; set; }

    [Slot(2)]
    public int BeginMask { get; set; }

    [Slot(3)]
    public int EndMask { get; set; }

    [Slot(4)]
    public int EllipsisMask { get; set; }

    [Slot(5)]
    public int NewAxisMask { get; set; }

    [Slot(6)]
    public int ShrinkAxisMask { get; set; }

    [Slot(7)]
    public int FromType { get; set; }
}

/// <summary>Table <c>Crop</c> of TensorflowOp.fbs.</summary>
public sealed class Crop
{
    [Slot(0, Default = 2)]
    public int Axis { get; set; } = 2;

    [Slot(1)]
    public int[]? Offset { get; set; }
}

/// <summary>Enumeration <c>PadValueMode</c> of TensorflowOp.fbs.</summary>
public enum PadValueMode : sbyte
{
    CONSTANT = 0,
    REFLECT = 1,
    SYMMETRIC = 2,
    EDGE = 3,
}

/// <summary>Table <c>PadParam</c> of TensorflowOp.fbs.</summary>
public sealed class PadParam
{
    [Slot(0)]
    public PadValueMode Mode { get; set; }
}

/// <summary>Table <c>ReverseSequenceParam</c> of TensorflowOp.fbs.</summary>
public sealed class ReverseSequenceParam
{
    [Slot(0)]
    public int BatchDim { get; set; }

    [Slot(1)]
    public int SeqDim { get; set; }
}

/// <summary>Table <c>Gather</c> of TensorflowOp.fbs.</summary>
public sealed class Gather
{
    [Slot(0)]
    public DataType Tindices { get; set; }

    [Slot(1)]
    public DataType Tparams { get; set; }

    [Slot(2)]
    public bool ValidateIndices { get; set; }

    [Slot(3)]
    public int Axis { get; set; }
}

/// <summary>Table <c>GatherV2</c> of TensorflowOp.fbs.</summary>
public sealed class GatherV2
{
    [Slot(0)]
    public DataType Taxis { get; set; }

    [Slot(1)]
    public DataType Tindices { get; set; }

    [Slot(2)]
    public DataType Tparams { get; set; }
}

/// <summary>Table <c>TensorArray</c> of TensorflowOp.fbs.</summary>
public sealed class TensorArray
{
    [Slot(0)]
    public bool DynamicSize { get; set; }

    [Slot(1)]
    public bool IdenticalElementShapes { get; set; }

    [Slot(2)]
    public int[]? ElementShape { get; set; }

    [Slot(3, Default = DataType.DT_FLOAT)]
    public DataType T { get; set; } = DataType.DT_FLOAT;

    [Slot(4)]
    public int Axis { get; set; }

    [Slot(5, Default = true)]
    public bool Keepdims { get; set; } = true;

    [Slot(6)]
    public bool NewAxis { get; set; }
}
