// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

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

/// <summary>Table <c>CumSum</c> of CaffeOp.fbs.</summary>
public sealed class CumSum
{
    [Slot(0)]
    public bool Exclusive { get; set; }

    [Slot(1)]
    public bool Reverse { get; set; }
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

/// <summary>Table <c>BatchMatMulParam</c> of TensorflowOp.fbs.</summary>
public sealed class BatchMatMulParam
{
    [Slot(0)]
    public bool AdjX { get; set; }

    [Slot(1)]
    public bool AdjY { get; set; }
}

/// <summary>Table <c>ReduceJoin</c> of TensorflowOp.fbs.</summary>
public sealed class ReduceJoin
{
    [Slot(0)]
    public bool KeepDims { get; set; }

    [Slot(1)]
    public string? Separator { get; set; }
}
