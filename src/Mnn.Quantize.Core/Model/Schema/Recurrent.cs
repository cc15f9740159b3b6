// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

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
