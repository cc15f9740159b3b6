// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

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

/// <summary>Table <c>Selu</c> of TensorflowOp.fbs.</summary>
public sealed class Selu
{
    [Slot(0)]
    public float Scale { get; set; }

    [Slot(1)]
    public float Alpha { get; set; }
}
