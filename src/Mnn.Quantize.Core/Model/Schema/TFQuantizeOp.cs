// The MNN model format, release 3.6 (schema/default/TFQuantizeOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Enumeration <c>FusedActivation</c> of TFQuantizeOp.fbs.</summary>
public enum FusedActivation : sbyte
{
    kTfLiteActNone = 0,
    kTfLiteActRelu = 1,
    kTfLiteActRelu1 = 2,
    kTfLiteActRelu6 = 3,
    kTfLiteActTanh = 4,
    kTfLiteActSignBit = 5,
    kTfLiteActSigmoid = 6,
}

/// <summary>Table <c>QuantizedParam</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedParam
{
    [Slot(0)]
    public int ZeroPoint { get; set; }

    [Slot(1)]
    public float Scale { get; set; }
}

/// <summary>Table <c>QuantizedAdd</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedAdd
{
    [Slot(0)]
    public FusedActivation ActivationType { get; set; }

    [Slot(1)]
    public QuantizedParam? Input1QuantizedParam { get; set; }

    [Slot(2)]
    public QuantizedParam? Input2QuantizedParam { get; set; }

    [Slot(3)]
    public QuantizedParam? OutputQuantizedParam { get; set; }
}

/// <summary>Enumeration <c>ModeFormat</c> of TFQuantizeOp.fbs.</summary>
public enum ModeFormat : sbyte
{
    TENSORFLOW = 0,
    TFLITE = 1,
}

/// <summary>Enumeration <c>QuantizeMode</c> of TFQuantizeOp.fbs.</summary>
public enum QuantizeMode : sbyte
{
    MIN_COMBINED = 0,
    MIN_FIRST = 1,
    SCALED = 2,
}

/// <summary>Table <c>Dequantize</c> of TFQuantizeOp.fbs.</summary>
public sealed class Dequantize
{
    [Slot(0)]
    public QuantizedParam? InputQuantizedParam { get; set; }

    [Slot(1)]
    public QuantizeMode Mode { get; set; }

    [Slot(2)]
    public ModeFormat ModelFormat { get; set; }

    [Slot(3)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>QuantizedAvgPool</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedAvgPool
{
    [Slot(0)]
    public int KernelX { get; set; }

    [Slot(1)]
    public int KernelY { get; set; }

    [Slot(2)]
    public ModeFormat ModelFormat { get; set; }

    [Slot(3)]
    public int OutputActivationMax { get; set; }

    [Slot(4)]
    public int OutputActivationMin { get; set; }

    [Slot(5)]
    public PoolPadType PadType { get; set; }

    [Slot(6)]
    public int PadX { get; set; }

    [Slot(7)]
    public int PadY { get; set; }

    [Slot(8)]
    public int StrideX { get; set; }

    [Slot(9)]
    public int StrideY { get; set; }

    [Slot(10)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>QuantizedBiasAdd</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedBiasAdd
{
    [Slot(0)]
    public int[]? Bias { get; set; }

    [Slot(1)]
    public DataType InputType { get; set; }

    [Slot(2)]
    public int Max { get; set; }

    [Slot(3)]
    public int Min { get; set; }

    [Slot(4)]
    public DataType OutputType { get; set; }
}

/// <summary>Table <c>QuantizedConcat</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedConcat
{
    [Slot(0)]
    public FusedActivation ActivationType { get; set; }

    [Slot(1)]
    public int Axis { get; set; }

    [Slot(2)]
    public float[]? InputScale { get; set; }

    [Slot(3)]
    public int[]? InputZeroPoint { get; set; }

    [Slot(4)]
    public QuantizedParam? OutputQuantizedParam { get; set; }
}

/// <summary>Table <c>QuantizedLogistic</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedLogistic
{
    [Slot(0)]
    public QuantizedParam? InputQuantizedParam { get; set; }

    [Slot(1)]
    public QuantizedParam? OutputQuantizedParam { get; set; }
}

/// <summary>Table <c>QuantizedMatMul</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedMatMul
{
    [Slot(0)]
    public bool TransposeA { get; set; }

    [Slot(1)]
    public bool TransposeB { get; set; }
}

/// <summary>Table <c>QuantizedMaxPool</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedMaxPool
{
    [Slot(0)]
    public int KernelX { get; set; }

    [Slot(1)]
    public int KernelY { get; set; }

    [Slot(2)]
    public ModeFormat ModelFormat { get; set; }

    [Slot(3)]
    public int OutputActivationMax { get; set; }

    [Slot(4)]
    public int OutputActivationMin { get; set; }

    [Slot(5)]
    public PoolPadType PadType { get; set; }

    [Slot(6)]
    public int PadX { get; set; }

    [Slot(7)]
    public int PadY { get; set; }

    [Slot(8)]
    public int StrideX { get; set; }

    [Slot(9)]
    public int StrideY { get; set; }

    [Slot(10)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>QuantizedRelu</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedRelu
{
    [Slot(0)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>QuantizedRelu6</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedRelu6
{
    [Slot(0)]
    public DataType Type { get; set; }
}

/// <summary>Table <c>QuantizedReshape</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedReshape
{
    [Slot(0)]
    public int[]? Dims { get; set; }

    [Slot(1)]
    public ModeFormat ModelFormat { get; set; }
}

/// <summary>Table <c>QuantizedSoftmax</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizedSoftmax
{
    [Slot(0)]
    public float Beta { get; set; }

    [Slot(1)]
    public float InputScale { get; set; }
}

/// <summary>Enumeration <c>QuantizeRoundMode</c> of TFQuantizeOp.fbs.</summary>
public enum QuantizeRoundMode : sbyte
{
    HALF_AWAY_FROM_ZERO = 0,
    HALF_TO_EVEN = 1,
}

/// <summary>Table <c>QuantizeV2</c> of TFQuantizeOp.fbs.</summary>
public sealed class QuantizeV2
{
    [Slot(0)]
    public DataType Type { get; set; }

    [Slot(1)]
    public QuantizeMode Mode { get; set; }

    [Slot(2)]
    public QuantizeRoundMode RoundMode { get; set; }
}

/// <summary>Table <c>RequantizationRange</c> of TFQuantizeOp.fbs.</summary>
public sealed class RequantizationRange
{
}

/// <summary>Table <c>Requantize</c> of TFQuantizeOp.fbs.</summary>
public sealed class Requantize
{
}

/// <summary>Table <c>TfQuantizedConv2D</c> of TFQuantizeOp.fbs.</summary>
public sealed class TfQuantizedConv2D
{
    [Slot(0)]
    public int[]? Bias { get; set; }

    [Slot(1)]
    public bool Biasflag { get; set; }

    [Slot(2)]
    public Convolution2DCommon? Common { get; set; }

    [Slot(3)]
    public byte[]? Weight { get; set; }

    [Slot(4)]
    public FusedActivation ActivationType { get; set; }

    [Slot(5)]
    public int Multiplier { get; set; }

    [Slot(6)]
    public int OutMax { get; set; }

    [Slot(7)]
    public int OutMin { get; set; }

    [Slot(8)]
    public int Shift { get; set; }

    [Slot(9)]
    public QuantizedParam? BiasQuantizedParam { get; set; }

    [Slot(10)]
    public int DepthMultiplier { get; set; }

    [Slot(11)]
    public QuantizedParam? FilterQuantizedParam { get; set; }

    [Slot(12)]
    public QuantizedParam? InputQuantizedParam { get; set; }

    [Slot(13)]
    public ModeFormat ModelFormat { get; set; }

    [Slot(14)]
    public QuantizedParam? OutputQuantizedParam { get; set; }
}
