// The MNN model format, release 3.6 (schema/default/TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>PackParam</c> of TensorflowOp.fbs.</summary>
public sealed class PackParam
{
    [Slot(0)]
    public DataType DataType { get; set; }

    [Slot(1)]
    public int Axis { get; set; }
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

/// <summary>Table <c>SqueezeParam</c> of TensorflowOp.fbs.</summary>
public sealed class SqueezeParam
{
    [Slot(0)]
    public int[]? SqueezeDims { get; set; }
}

/// <summary>Table <c>CastParam</c> of TensorflowOp.fbs.</summary>
public sealed class CastParam
{
    [Slot(0)]
    public DataType SrcT { get; set; }

    [Slot(1)]
    public DataType DstT { get; set; }
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

/// <summary>Table <c>Selu</c> of TensorflowOp.fbs.</summary>
public sealed class Selu
{
    [Slot(0)]
    public float Scale { get; set; }

    [Slot(1)]
    public float Alpha { get; set; }
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

/// <summary>Table <c>ReduceJoin</c> of TensorflowOp.fbs.</summary>
public sealed class ReduceJoin
{
    [Slot(0)]
    public bool KeepDims { get; set; }

    [Slot(1)]
    public string? Separator { get; set; }
}

/// <summary>Table <c>TopKV2</c> of TensorflowOp.fbs.</summary>
public sealed class TopKV2
{
    [Slot(0, Default = DataType.DT_FLOAT)]
    public DataType T { get; set; } = DataType.DT_FLOAT;

    [Slot(1)]
    public bool Sorted { get; set; }

    [Slot(2, Default = true)]
    public bool Largest { get; set; } = true;
}

/// <summary>Enumeration <c>CropAndResizeMethod</c> of TensorflowOp.fbs.</summary>
public enum CropAndResizeMethod : sbyte
{
    BILINEAR = 0,
    NEAREST = 1,
}

/// <summary>Table <c>CropAndResize</c> of TensorflowOp.fbs.</summary>
public sealed class CropAndResize
{
    [Slot(0)]
    public float ExtrapolationValue { get; set; }

    [Slot(1)]
    public CropAndResizeMethod Method { get; set; }
}

/// <summary>Table <c>Fill</c> of TensorflowOp.fbs.</summary>
public sealed class Fill
{
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

/// <summary>Table <c>NonMaxSuppressionV2</c> of TensorflowOp.fbs.</summary>
public sealed class NonMaxSuppressionV2
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

/// <summary>Table <c>Transpose</c> of TensorflowOp.fbs.</summary>
public sealed class Transpose
{
    [Slot(0)]
    public DataType Tperm { get; set; }
}

/// <summary>Table <c>SliceTf</c> of TensorflowOp.fbs.</summary>
public sealed class SliceTf
{
    [Slot(0)]
    public DataType T { get; set; }
}

/// <summary>Table <c>QuantizeMaxMin</c> of TensorflowOp.fbs.</summary>
public sealed class QuantizeMaxMin
{
    [Slot(0)]
    public DataType T { get; set; }
}

/// <summary>Table <c>Crop</c> of TensorflowOp.fbs.</summary>
public sealed class Crop
{
    [Slot(0, Default = 2)]
    public int Axis { get; set; } = 2;

    [Slot(1)]
    public int[]? Offset { get; set; }
}

/// <summary>Table <c>SpaceBatch</c> of TensorflowOp.fbs.</summary>
public sealed class SpaceBatch
{
    [Slot(0)]
    public Blob? BlockShape { get; set; }

    [Slot(1)]
    public Blob? Padding { get; set; }
}

/// <summary>Table <c>MatMul</c> of TensorflowOp.fbs.</summary>
public sealed class MatMul
{
    [Slot(0)]
    public DataType T { get; set; }

    [Slot(1)]
    public bool TransposeA { get; set; }

    [Slot(2)]
    public bool TransposeB { get; set; }

    [Slot(3)]
    public float[]? Weight { get; set; }

    [Slot(4)]
    public float[]? Bias { get; set; }
}

/// <summary>Table <c>MomentsParam</c> of TensorflowOp.fbs.</summary>
public sealed class MomentsParam
{
    [Slot(0)]
    public int[]? Dim { get; set; }

    [Slot(1, Default = true)]
    public bool KeepDims { get; set; } = true;

    [Slot(2, Default = DataType.DT_FLOAT)]
    public DataType DType { get; set; } = DataType.DT_FLOAT;
}

/// <summary>Table <c>RNNParam</c> of TensorflowOp.fbs.</summary>
public sealed class RNNParam
{
    [Slot(0)]
    public int NumUnits { get; set; }

    [Slot(1)]
    public bool IsBidirectionalRNN { get; set; }

    [Slot(2)]
    public bool LinearBeforeReset { get; set; }

    [Slot(3)]
    public bool KeepAllOutputs { get; set; }

    [Slot(4)]
    public Blob? FwGateWeight { get; set; }

    [Slot(5)]
    public Blob? FwGateBias { get; set; }

    [Slot(6)]
    public Blob? FwCandidateWeight { get; set; }

    [Slot(7)]
    public Blob? FwCandidateBias { get; set; }

    [Slot(8)]
    public Blob? FwRecurrentBias { get; set; }

    [Slot(9)]
    public Blob? BwGateWeight { get; set; }

    [Slot(10)]
    public Blob? BwGateBias { get; set; }

    [Slot(11)]
    public Blob? BwCandidateWeight { get; set; }

    [Slot(12)]
    public Blob? BwCandidateBias { get; set; }

    [Slot(13)]
    public Blob? BwRecurrentBias { get; set; }
}

/// <summary>Table <c>BatchMatMulParam</c> of TensorflowOp.fbs.</summary>
public sealed class BatchMatMulParam
{
    [Slot(0)]
    public bool AdjX { get; set; }

    [Slot(1)]
    public bool AdjY { get; set; }
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

/// <summary>Table <c>ReverseSequenceParam</c> of TensorflowOp.fbs.</summary>
public sealed class ReverseSequenceParam
{
    [Slot(0)]
    public int BatchDim { get; set; }

    [Slot(1)]
    public int SeqDim { get; set; }
}

/// <summary>Table <c>DetectionPostProcessParam</c> of TensorflowOp.fbs.</summary>
public sealed class DetectionPostProcessParam
{
    [Slot(0)]
    public int MaxDetections { get; set; }

    [Slot(1)]
    public int MaxClassesPerDetection { get; set; }

    [Slot(2)]
    public int DetectionsPerClass { get; set; }

    [Slot(3)]
    public float NmsScoreThreshold { get; set; }

    [Slot(4)]
    public float IouThreshold { get; set; }

    [Slot(5)]
    public int NumClasses { get; set; }

    [Slot(6)]
    public bool UseRegularNMS { get; set; }

    [Slot(7)]
    public float[]? CenterSizeEncoding { get; set; }
}

/// <summary>Table <c>OneHotParam</c> of TensorflowOp.fbs.</summary>
public sealed class OneHotParam
{
    [Slot(0, Default = DataType.DT_FLOAT)]
    public DataType DType { get; set; } = DataType.DT_FLOAT;

    [Slot(1, Default = -1)]
    public int Axis { get; set; } = -1;
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

/// <summary>Table <c>LayerNorm</c> of TensorflowOp.fbs.</summary>
public sealed class LayerNorm
{
    [Slot(0)]
    public int[]? Axis { get; set; }

    [Slot(1)]
    public float Epsilon { get; set; }

    [Slot(2)]
    public float[]? Gamma { get; set; }

    [Slot(3)]
    public float[]? Beta { get; set; }

    [Slot(4, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(5)]
    public long[]? External { get; set; }

    [Slot(6)]
    public bool UseRMSNorm { get; set; }
}

/// <summary>Table <c>GroupNorm</c> of TensorflowOp.fbs.</summary>
public sealed class GroupNorm
{
    [Slot(0)]
    public int Axis { get; set; }

    [Slot(1)]
    public float Epsilon { get; set; }

    [Slot(2)]
    public float[]? Gamma { get; set; }

    [Slot(3)]
    public float[]? Beta { get; set; }

    [Slot(4, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(5)]
    public int BSwish { get; set; }

    [Slot(6)]
    public long[]? External { get; set; }
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

/// <summary>Table <c>LSTMBlockCell</c> of TensorflowOp.fbs.</summary>
public sealed class LSTMBlockCell
{
    [Slot(0, Default = 3.0f)]
    public float CellClip { get; set; } = 3.0f;

    [Slot(1, Default = 1.0f)]
    public float ForgetBias { get; set; } = 1.0f;

    [Slot(2)]
    public bool UsePeephole { get; set; }
}
