// The MNN model format, release 3.6 (schema/default/TrainInfo.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>OpInfo</c> of TrainInfo.fbs.</summary>
public sealed class OpInfo
{
    [Slot(0)]
    public string? Op { get; set; }

    [Slot(1)]
    public string? Weight { get; set; }

    [Slot(2)]
    public string? Bias { get; set; }
}

/// <summary>Table <c>KV</c> of TrainInfo.fbs.</summary>
public sealed class KV
{
    [Slot(0)]
    public string? Key { get; set; }

    [Slot(1)]
    public string? Value { get; set; }
}

/// <summary>Table <c>TrainInfo</c> of TrainInfo.fbs.</summary>
public sealed class TrainInfo
{
    [Slot(0)]
    public List<KV>? Trainables { get; set; }

    [Slot(1)]
    public List<OpInfo>? Convolutions { get; set; }

    [Slot(2)]
    public List<KV>? Batchnormal { get; set; }
}
