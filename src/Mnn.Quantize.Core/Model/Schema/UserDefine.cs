// The MNN model format, release 3.6 (schema/default/UserDefine.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>TensorConvertInfo</c> of UserDefine.fbs.</summary>
public sealed class TensorConvertInfo
{
    [Slot(0)]
    public MNN_DATA_FORMAT Source { get; set; }

    [Slot(1)]
    public MNN_DATA_FORMAT Dest { get; set; }
}

/// <summary>Enumeration <c>SampleMode</c> of UserDefine.fbs.</summary>
public enum SampleMode : sbyte
{
    BILINEAR = 0,
    NEAREST = 1,
}

/// <summary>Enumeration <c>BorderMode</c> of UserDefine.fbs.</summary>
public enum BorderMode : sbyte
{
    ZEROS = 0,
    CLAMP = 1,
    REFLECTION = 2,
    CUBE = 3,
}

/// <summary>Table <c>GridSample</c> of UserDefine.fbs.</summary>
public sealed class GridSample
{
    [Slot(0)]
    public SampleMode Mode { get; set; }

    [Slot(1)]
    public BorderMode PaddingMode { get; set; }

    [Slot(2)]
    public bool AlignCorners { get; set; }

    [Slot(3)]
    public bool Backward { get; set; }
}

/// <summary>Enumeration <c>ImageFormatType</c> of UserDefine.fbs.</summary>
public enum ImageFormatType : int
{
    RGBA = 0,
    RGB = 1,
    BGR = 2,
    GRAY = 3,
    BGRA = 4,
    YCrCb = 5,
    YUV = 6,
    HSV = 7,
    XYZ = 8,
    BGR555 = 9,
    BGR565 = 10,
    YUV_NV21 = 11,
    YUV_NV12 = 12,
    YUV_I420 = 13,
    HSV_FULL = 14,
}

/// <summary>Enumeration <c>FilterType</c> of UserDefine.fbs.</summary>
public enum FilterType : sbyte
{
    NEAREST = 0,
    BILINEAR = 1,
    BICUBIC = 2,
}

/// <summary>Enumeration <c>WrapType</c> of UserDefine.fbs.</summary>
public enum WrapType : sbyte
{
    CLAMP_TO_EDGE = 0,
    ZERO = 1,
    REPEAT = 2,
}

/// <summary>Table <c>ImageProcessParam</c> of UserDefine.fbs.</summary>
public sealed class ImageProcessParam
{
    [Slot(0)]
    public FilterType FilterType { get; set; }

    [Slot(1)]
    public ImageFormatType SourceFormat { get; set; }

    [Slot(2)]
    public ImageFormatType DestFormat { get; set; }

    [Slot(3)]
    public WrapType Wrap { get; set; }

    [Slot(4)]
    public float[]? Mean { get; set; }

    [Slot(5)]
    public float[]? Normal { get; set; }

    [Slot(6)]
    public float[]? Transform { get; set; }

    [Slot(7)]
    public sbyte PaddingValue { get; set; }

    [Slot(8)]
    public int[]? Shape { get; set; }

    [Slot(9)]
    public DataType OutputType { get; set; }

    [Slot(10)]
    public bool Draw { get; set; }
}
