// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Enumeration <c>BinaryOpOperation</c> of TensorflowOp.fbs.</summary>
public enum BinaryOpOperation : int
{
    /// <summary>Not in the schema: what the converter stores in a scatter operator that doesn't reduce.</summary>
    NONE = -1,

    ADD = 0,
    SUB = 1,
    MUL = 2,
    DIV = 3,
    MAX_TEMP = 4,
    MIN_TEMP = 5,
    POW = 6,
    REALDIV = 7,
    MINIMUM = 8,
    MAXIMUM = 9,
    GREATER = 10,
    GREATER_EQUAL = 11,
    LESS = 12,
    FLOORDIV = 13,
    SquaredDifference = 14,
    EQUAL = 15,
    LESS_EQUAL = 16,
    FLOORMOD = 17,
    MOD = 19,
    ATAN2 = 20,
    LOGICALOR = 21,
    NOTEQUAL = 22,
    BITWISE_AND = 23,
    BITWISE_OR = 24,
    BITWISE_XOR = 25,
    LOGICALXOR = 26,
    LEFTSHIFT = 27,
    RIGHTSHIFT = 28,
    MUL_SILU = 29,
}

/// <summary>Table <c>BinaryOp</c> of TensorflowOp.fbs.</summary>
public sealed class BinaryOp
{
    [Slot(0)]
    public BinaryOpOperation OpType { get; set; }

    [Slot(1, Default = DataType.DT_FLOAT)]
    public DataType T { get; set; } = DataType.DT_FLOAT;

    [Slot(2)]
    public int ActivationType { get; set; }
}

/// <summary>Enumeration <c>ReductionType</c> of TensorflowOp.fbs.</summary>
public enum ReductionType : sbyte
{
    SUM = 0,
    ASUM = 1,
    SUMSQ = 2,
    MEAN = 3,
    MAXIMUM = 4,
    MINIMUM = 5,
    PROD = 6,
    ANY = 7,
    ALL = 8,
}

/// <summary>Table <c>ReductionParam</c> of TensorflowOp.fbs.</summary>
public sealed class ReductionParam
{
    [Slot(0)]
    public ReductionType Operation { get; set; }

    [Slot(1)]
    public int[]? Dim { get; set; }

    [Slot(2)]
    public float Coeff { get; set; }

    [Slot(3)]
    public bool KeepDims { get; set; }

    [Slot(4, Default = DataType.DT_FLOAT)]
    public DataType DType { get; set; } = DataType.DT_FLOAT;
}

/// <summary>Enumeration <c>UnaryOpOperation</c> of TensorflowOp.fbs.</summary>
public enum UnaryOpOperation : int
{
    ABS = 0,
    NEG = 1,
    FLOOR = 2,
    CEIL = 3,
    SQUARE = 4,
    SQRT = 5,
    RSQRT = 6,
    EXP = 7,
    LOG = 8,
    SIN = 9,
    COS = 10,
    TAN = 11,
    ASIN = 12,
    ACOS = 13,
    ATAN = 14,
    RECIPROCAL = 15,
    LOG1P = 16,
    BNLL = 17,
    ACOSH = 18,
    SINH = 19,
    ASINH = 20,
    ATANH = 21,
    SIGN = 22,
    ROUND = 23,
    COSH = 24,
    ERF = 25,
    ERFC = 26,
    ERFINV = 27,
    EXPM1 = 28,
    SIGMOID = 29,
    TANH = 30,
    HARDSWISH = 31,
    GELU = 32,
    GELU_STANDARD = 33,
    SILU = 34,
}

/// <summary>Table <c>UnaryOp</c> of TensorflowOp.fbs.</summary>
public sealed class UnaryOp
{
    [Slot(0)]
    public UnaryOpOperation OpType { get; set; }

    [Slot(1)]
    public DataType T { get; set; }

    [Slot(2)]
    public sbyte[]? TableInt8 { get; set; }
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
