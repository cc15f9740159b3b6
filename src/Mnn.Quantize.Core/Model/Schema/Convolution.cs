// The MNN model format, release 3.6 (schema/default/CaffeOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Enumeration <c>PadMode</c> of CaffeOp.fbs.</summary>
public enum PadMode : sbyte
{
    CAFFE = 0,
    VALID = 1,
    SAME = 2,
}

/// <summary>Table <c>Convolution2DCommon</c> of CaffeOp.fbs.</summary>
public sealed class Convolution2DCommon
{
    [Slot(0)]
    public int PadX { get; set; }

    [Slot(1)]
    public int PadY { get; set; }

    [Slot(2, Default = 1)]
    public int KernelX { get; set; } = 1;

    [Slot(3, Default = 1)]
    public int KernelY { get; set; } = 1;

    [Slot(4, Default = 1)]
    public int StrideX { get; set; } = 1;

    [Slot(5, Default = 1)]
    public int StrideY { get; set; } = 1;

    [Slot(6, Default = 1)]
    public int DilateX { get; set; } = 1;

    [Slot(7, Default = 1)]
    public int DilateY { get; set; } = 1;

    [Slot(8)]
    public PadMode PadMode { get; set; }

    [Slot(9, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(10)]
    public int OutputCount { get; set; }

    [Slot(11)]
    public int InputCount { get; set; }

    [Slot(12)]
    public bool Relu { get; set; }

    [Slot(13)]
    public bool Relu6 { get; set; }

    [Slot(14)]
    public int[]? Pads { get; set; }

    [Slot(15)]
    public int[]? OutPads { get; set; }

    [Slot(16)]
    public bool HasOutputShape { get; set; }
}

/// <summary>Table <c>Convolution3DCommon</c> of CaffeOp.fbs.</summary>
public sealed class Convolution3DCommon
{
    [Slot(0)]
    public int[]? Dilates { get; set; }

    [Slot(1)]
    public int[]? Strides { get; set; }

    [Slot(2)]
    public int[]? Kernels { get; set; }

    [Slot(3)]
    public int[]? Pads { get; set; }

    [Slot(4)]
    public PadMode PadMode { get; set; }

    [Slot(5)]
    public int InputCount { get; set; }

    [Slot(6)]
    public int OutputCount { get; set; }

    [Slot(7)]
    public bool Relu { get; set; }

    [Slot(8)]
    public bool Relu6 { get; set; }

    [Slot(9, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(10)]
    public int[]? OutPads { get; set; }

    [Slot(11)]
    public bool HasOutputShape { get; set; }
}

/// <summary>Enumeration <c>SparseAlgo</c> of CaffeOp.fbs.</summary>
public enum SparseAlgo : sbyte
{
    RANDOM = 0,
    SIMD_OC = 1,
}

/// <summary>Table <c>SparseCommon</c> of CaffeOp.fbs.</summary>
public sealed class SparseCommon
{
    [Slot(0)]
    public SparseAlgo Method { get; set; }

    [Slot(1)]
    public List<Attribute>? Args { get; set; }
}

/// <summary>Enumeration <c>ScaleStorageType</c> of CaffeOp.fbs.</summary>
public enum ScaleStorageType : sbyte
{
    FP32 = 0,
    FP16 = 1,
}

/// <summary>Table <c>IDSTQuan</c> of CaffeOp.fbs.</summary>
public sealed class IDSTQuan
{
    [Slot(0)]
    public sbyte[]? Buffer { get; set; }

    [Slot(1)]
    public float[]? Alpha { get; set; }

    [Slot(2)]
    public int Type { get; set; }

    [Slot(3)]
    public bool UseInt32 { get; set; }

    [Slot(4)]
    public float QuantScale { get; set; }

    [Slot(5)]
    public float ScaleIn { get; set; }

    [Slot(6)]
    public float ScaleOut { get; set; }

    [Slot(7)]
    public int AMaxOrBits { get; set; }

    [Slot(8)]
    public int AMin { get; set; }

    [Slot(9)]
    public int ReadType { get; set; }

    [Slot(10)]
    public bool HasScaleInt { get; set; }

    [Slot(11)]
    public bool ShapeInt32 { get; set; }

    [Slot(12)]
    public uint WeightSize { get; set; }

    [Slot(13)]
    public uint[]? Index { get; set; }

    [Slot(14)]
    public ushort[]? AlphaFp16 { get; set; }

    [Slot(15)]
    public ScaleStorageType ScaleStorage { get; set; }
}

/// <summary>Enumeration <c>QuantizeAlgo</c> of CaffeOp.fbs.</summary>
public enum QuantizeAlgo : sbyte
{
    DEFAULT = 0,
    OVERFLOW_AWARE = 1,
    WINOGRAD_AWARE = 2,
}

/// <summary>Table <c>QuantizedFloatParam</c> of CaffeOp.fbs.</summary>
public sealed class QuantizedFloatParam
{
    [Slot(0)]
    public sbyte[]? Weight { get; set; }

    [Slot(1)]
    public int[]? Bias { get; set; }

    [Slot(2)]
    public float[]? Scale { get; set; }

    [Slot(3)]
    public float[]? TensorScale { get; set; }

    [Slot(4)]
    public QuantizeAlgo Method { get; set; }

    [Slot(5, Default = 8)]
    public int Nbits { get; set; } = 8;

    [Slot(6)]
    public sbyte ZeroPoint { get; set; }

    [Slot(7)]
    public sbyte OutputZeroPoint { get; set; }

    [Slot(8, Default = (sbyte)(-128))]
    public sbyte ClampMin { get; set; } = -128;

    [Slot(9, Default = (sbyte)127)]
    public sbyte ClampMax { get; set; } = 127;

    [Slot(10)]
    public int[]? WinogradAttr { get; set; }

    [Slot(11, Default = DataType.DT_INT8)]
    public DataType OutputDataType { get; set; } = DataType.DT_INT8;

    [Slot(12)]
    public float[]? Floatzeros { get; set; }
}

/// <summary>Table <c>Convolution2D</c> of CaffeOp.fbs.</summary>
public sealed class Convolution2D
{
    [Slot(0)]
    public Convolution2DCommon? Common { get; set; }

    [Slot(1)]
    public float[]? Weight { get; set; }

    [Slot(2)]
    public float[]? Bias { get; set; }

    [Slot(3)]
    public IDSTQuan? QuanParameter { get; set; }

    [Slot(4)]
    public QuantizedFloatParam? SymmetricQuan { get; set; }

    [Slot(5)]
    public SparseCommon? SparseParameter { get; set; }

    [Slot(6)]
    public long[]? External { get; set; }
}

/// <summary>Table <c>Convolution3D</c> of CaffeOp.fbs.</summary>
public sealed class Convolution3D
{
    [Slot(0)]
    public Convolution3DCommon? Common { get; set; }

    [Slot(1)]
    public float[]? Weight { get; set; }

    [Slot(2)]
    public float[]? Bias { get; set; }

    [Slot(3)]
    public long[]? External { get; set; }
}

/// <summary>Table <c>InnerProduct</c> of CaffeOp.fbs.</summary>
public sealed class InnerProduct
{
    [Slot(0)]
    public int OutputCount { get; set; }

    [Slot(1)]
    public int BiasTerm { get; set; }

    [Slot(2)]
    public int WeightSize { get; set; }

    [Slot(3)]
    public float[]? Weight { get; set; }

    [Slot(4)]
    public float[]? Bias { get; set; }

    [Slot(5)]
    public int Axis { get; set; }

    [Slot(6)]
    public bool Transpose { get; set; }

    [Slot(7)]
    public IDSTQuan? QuanParameter { get; set; }
}
