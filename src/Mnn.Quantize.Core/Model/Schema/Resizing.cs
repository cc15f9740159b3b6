// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

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
