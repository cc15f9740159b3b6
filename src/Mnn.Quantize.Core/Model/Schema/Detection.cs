// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

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

/// <summary>Table <c>NonMaxSuppressionV2</c> of TensorflowOp.fbs.</summary>
public sealed class NonMaxSuppressionV2
{
}
