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

/// <summary>Table <c>Relu</c> of CaffeOp.fbs.</summary>
public sealed class Relu
{
    [Slot(0)]
    public float Slope { get; set; }
}

/// <summary>Table <c>Relu6</c> of CaffeOp.fbs.</summary>
public sealed class Relu6
{
    [Slot(0)]
    public float MinValue { get; set; }

    [Slot(1, Default = 6.0f)]
    public float MaxValue { get; set; } = 6.0f;
}

/// <summary>Table <c>PRelu</c> of CaffeOp.fbs.</summary>
public sealed class PRelu
{
    [Slot(0)]
    public int SlopeCount { get; set; }

    [Slot(1)]
    public float[]? Slope { get; set; }
}

/// <summary>Table <c>ELU</c> of CaffeOp.fbs.</summary>
public sealed class ELU
{
    [Slot(0)]
    public float Alpha { get; set; }
}

/// <summary>Table <c>LRN</c> of CaffeOp.fbs.</summary>
public sealed class LRN
{
    [Slot(0)]
    public int RegionType { get; set; }

    [Slot(1)]
    public int LocalSize { get; set; }

    [Slot(2)]
    public float Alpha { get; set; }

    [Slot(3)]
    public float Beta { get; set; }

    [Slot(4, Default = 1.0f)]
    public float Bias { get; set; } = 1.0f;
}

/// <summary>Table <c>ArgMax</c> of CaffeOp.fbs.</summary>
public sealed class ArgMax
{
    [Slot(0)]
    public int OutMaxVal { get; set; }

    [Slot(1)]
    public int TopK { get; set; }

    [Slot(2)]
    public int Axis { get; set; }

    [Slot(3)]
    public int SoftmaxThreshold { get; set; }
}

/// <summary>Table <c>Axis</c> of CaffeOp.fbs.</summary>
public sealed class Axis
{
    [Slot(0)]
    public int AxisValue { get; set; }
}

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

/// <summary>Table <c>LSTM</c> of CaffeOp.fbs.</summary>
public sealed class LSTM
{
    [Slot(0)]
    public int OutputCount { get; set; }

    [Slot(1)]
    public int WeightSize { get; set; }

    [Slot(2)]
    public float ClippingThreshold { get; set; }

    [Slot(3)]
    public Blob? WeightI { get; set; }

    [Slot(4)]
    public Blob? WeightH { get; set; }

    [Slot(5)]
    public Blob? Bias { get; set; }

    [Slot(6)]
    public Blob? WeightIQ { get; set; }

    [Slot(7)]
    public Blob? WeightIA { get; set; }

    [Slot(8)]
    public float QuantScale { get; set; }
}

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

/// <summary>Table <c>BatchNorm</c> of CaffeOp.fbs.</summary>
public sealed class BatchNorm
{
    [Slot(0)]
    public int Channels { get; set; }

    [Slot(1)]
    public float[]? SlopeData { get; set; }

    [Slot(2)]
    public float[]? MeanData { get; set; }

    [Slot(3)]
    public float[]? VarData { get; set; }

    [Slot(4)]
    public float[]? BiasData { get; set; }

    [Slot(5)]
    public float[]? Adata { get; set; }

    [Slot(6)]
    public float[]? Bdata { get; set; }

    [Slot(7, Default = 0.001f)]
    public float Epsilon { get; set; } = 0.001f;
}

/// <summary>Table <c>Scale</c> of CaffeOp.fbs.</summary>
public sealed class Scale
{
    [Slot(0)]
    public int Channels { get; set; }

    [Slot(1)]
    public float[]? ScaleData { get; set; }

    [Slot(2)]
    public float[]? BiasData { get; set; }

    [Slot(3)]
    public long[]? External { get; set; }
}

/// <summary>Enumeration <c>EltwiseType</c> of CaffeOp.fbs.</summary>
public enum EltwiseType : sbyte
{
    PROD = 0,
    SUM = 1,
    MAXIMUM = 2,
    SUB = 3,
}

/// <summary>Table <c>Eltwise</c> of CaffeOp.fbs.</summary>
public sealed class Eltwise
{
    [Slot(0)]
    public EltwiseType Type { get; set; }

    [Slot(1)]
    public float[]? Coeff { get; set; }
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

/// <summary>Table <c>Reshape</c> of CaffeOp.fbs.</summary>
public sealed class Reshape
{
    [Slot(0)]
    public int[]? Dims { get; set; }

    [Slot(1)]
    public MNN_DATA_FORMAT DimType { get; set; }
}

/// <summary>Table <c>DetectionOutput</c> of CaffeOp.fbs.</summary>
public sealed class DetectionOutput
{
    [Slot(0)]
    public int ClassCount { get; set; }

    [Slot(1)]
    public float NmsThresholdold { get; set; }

    [Slot(2)]
    public int NmsTopK { get; set; }

    [Slot(3)]
    public int KeepTopK { get; set; }

    [Slot(4)]
    public float ConfidenceThreshold { get; set; }

    [Slot(5)]
    public int ShareLocation { get; set; }

    [Slot(6)]
    public int BackgroundLable { get; set; }

    [Slot(7)]
    public int VarianceEncodedTarget { get; set; }

    [Slot(8)]
    public int CodeType { get; set; }

    [Slot(9, Default = 0.01f)]
    public float ObjectnessScore { get; set; } = 0.01f;
}

/// <summary>Table <c>RoiParameters</c> of CaffeOp.fbs.</summary>
public sealed class RoiParameters
{
    [Slot(0)]
    public int PooledWidth { get; set; }

    [Slot(1)]
    public int PooledHeight { get; set; }

    [Slot(2)]
    public float SpatialScale { get; set; }

    [Slot(3, Default = -1)]
    public int SamplingRatio { get; set; } = -1;

    [Slot(4)]
    public bool Aligned { get; set; }

    [Slot(5, Default = PoolType.AVEPOOL)]
    public PoolType PoolType { get; set; } = PoolType.AVEPOOL;

    [Slot(6)]
    public bool OutputGrad { get; set; }
}

/// <summary>Table <c>Proposal</c> of CaffeOp.fbs.</summary>
public sealed class Proposal
{
    [Slot(0)]
    public int FeatStride { get; set; }

    [Slot(1)]
    public int BaseSize { get; set; }

    [Slot(2)]
    public int PreNmsTopN { get; set; }

    [Slot(3)]
    public int AfterNmsTopN { get; set; }

    [Slot(4)]
    public float NmsThreshold { get; set; }

    [Slot(5)]
    public int MinSize { get; set; }

    [Slot(6)]
    public Blob? Ratios { get; set; }

    [Slot(7)]
    public Blob? Scales { get; set; }

    [Slot(8)]
    public Blob? Anchors { get; set; }
}

/// <summary>Enumeration <c>CoordinateTransformationMode</c> of CaffeOp.fbs.</summary>
public enum CoordinateTransformationMode : sbyte
{
    NotSet = 0,
    AlignCorners = 1,
    HalfPixels = 2,
    PytorchHalfPixels = 3,
    Asymmetric = 4,
    TensorflowHalfPixels = 5,
    TensorflowCropAndResize = 6,
}

/// <summary>Table <c>Interp</c> of CaffeOp.fbs.</summary>
public sealed class Interp
{
    [Slot(0)]
    public float WidthScale { get; set; }

    [Slot(1)]
    public float HeightScale { get; set; }

    [Slot(2)]
    public int OutputWidth { get; set; }

    [Slot(3)]
    public int OutputHeight { get; set; }

    [Slot(4)]
    public int ResizeType { get; set; }

    [Slot(5)]
    public bool AlignCorners { get; set; }

    [Slot(6)]
    public bool HalfPixelCenters { get; set; }

    [Slot(7)]
    public float WidthOffset { get; set; }

    [Slot(8)]
    public float HeightOffset { get; set; }

    [Slot(9, Default = -0.75f)]
    public float CubicCoeffA { get; set; } = -0.75f;

    [Slot(10)]
    public CoordinateTransformationMode Ctm { get; set; }

    [Slot(11)]
    public float DepthScale { get; set; }

    [Slot(12)]
    public int OutputDepth { get; set; }

    [Slot(13)]
    public float DepthOffset { get; set; }
}

/// <summary>Table <c>Resize</c> of CaffeOp.fbs.</summary>
public sealed class Resize
{
    [Slot(0)]
    public float XScale { get; set; }

    [Slot(1)]
    public float YScale { get; set; }
}

/// <summary>Table <c>PriorBox</c> of CaffeOp.fbs.</summary>
public sealed class PriorBox
{
    [Slot(0)]
    public float[]? MinSizes { get; set; }

    [Slot(1)]
    public float[]? MaxSizes { get; set; }

    [Slot(2)]
    public float[]? AspectRatios { get; set; }

    [Slot(3)]
    public float[]? Variances { get; set; }

    [Slot(4)]
    public bool Flip { get; set; }

    [Slot(5)]
    public bool Clip { get; set; }

    [Slot(6)]
    public int ImageWidth { get; set; }

    [Slot(7)]
    public int ImageHeight { get; set; }

    [Slot(8)]
    public int StepWidth { get; set; }

    [Slot(9)]
    public int StepHeight { get; set; }

    [Slot(10)]
    public float Offset { get; set; }
}

/// <summary>Table <c>Normalize</c> of CaffeOp.fbs.</summary>
public sealed class Normalize
{
    [Slot(0)]
    public int AcrossSpatial { get; set; }

    [Slot(1)]
    public int ChannelShared { get; set; }

    [Slot(2)]
    public float Eps { get; set; }

    [Slot(3)]
    public float[]? Scale { get; set; }
}

/// <summary>Table <c>EltwiseInt8</c> of CaffeOp.fbs.</summary>
public sealed class EltwiseInt8
{
    [Slot(0)]
    public EltwiseType Type { get; set; }

    [Slot(1)]
    public QuantizedFloatParam? InputQuan0 { get; set; }

    [Slot(2)]
    public QuantizedFloatParam? InputQuan1 { get; set; }

    [Slot(3)]
    public QuantizedFloatParam? OutputQuan { get; set; }
}

/// <summary>Table <c>CumSum</c> of CaffeOp.fbs.</summary>
public sealed class CumSum
{
    [Slot(0)]
    public bool Exclusive { get; set; }

    [Slot(1)]
    public bool Reverse { get; set; }
}
