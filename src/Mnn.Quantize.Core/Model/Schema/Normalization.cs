// The MNN model format, release 3.6 (schema/default: CaffeOp.fbs and TensorflowOp.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>LRN</c> of CaffeOp.fbs.</summary>
public sealed class LRN
{
    [Slot(0)]
    public int RegionType { get; set; }

    [Slot(1)]
    public int LocalSize { get; set; }

    [Slot(2)]
    public float Alpha { get; set; }

    [Slot(3)]
    public float Beta { get; set; }

    [Slot(4, Default = 1.0f)]
    public float Bias { get; set; } = 1.0f;
}

/// <summary>Table <c>BatchNorm</c> of CaffeOp.fbs.</summary>
public sealed class BatchNorm
{
    [Slot(0)]
    public int Channels { get; set; }

    [Slot(1)]
    public float[]? SlopeData { get; set; }

    [Slot(2)]
    public float[]? MeanData { get; set; }

    [Slot(3)]
    public float[]? VarData { get; set; }

    [Slot(4)]
    public float[]? BiasData { get; set; }

    [Slot(5)]
    public float[]? Adata { get; set; }

    [Slot(6)]
    public float[]? Bdata { get; set; }

    [Slot(7, Default = 0.001f)]
    public float Epsilon { get; set; } = 0.001f;
}

/// <summary>Table <c>Scale</c> of CaffeOp.fbs.</summary>
public sealed class Scale
{
    [Slot(0)]
    public int Channels { get; set; }

    [Slot(1)]
    public float[]? ScaleData { get; set; }

    [Slot(2)]
    public float[]? BiasData { get; set; }

    [Slot(3)]
    public long[]? External { get; set; }
}

/// <summary>Table <c>Normalize</c> of CaffeOp.fbs.</summary>
public sealed class Normalize
{
    [Slot(0)]
    public int AcrossSpatial { get; set; }

    [Slot(1)]
    public int ChannelShared { get; set; }

    [Slot(2)]
    public float Eps { get; set; }

    [Slot(3)]
    public float[]? Scale { get; set; }
}

/// <summary>Table <c>LayerNorm</c> of TensorflowOp.fbs.</summary>
public sealed class LayerNorm
{
    [Slot(0)]
    public int[]? Axis { get; set; }

    [Slot(1)]
    public float Epsilon { get; set; }

    [Slot(2)]
    public float[]? Gamma { get; set; }

    [Slot(3)]
    public float[]? Beta { get; set; }

    [Slot(4, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(5)]
    public long[]? External { get; set; }

    [Slot(6)]
    public bool UseRMSNorm { get; set; }
}

/// <summary>Table <c>GroupNorm</c> of TensorflowOp.fbs.</summary>
public sealed class GroupNorm
{
    [Slot(0)]
    public int Axis { get; set; }

    [Slot(1)]
    public float Epsilon { get; set; }

    [Slot(2)]
    public float[]? Gamma { get; set; }

    [Slot(3)]
    public float[]? Beta { get; set; }

    [Slot(4, Default = 1)]
    public int Group { get; set; } = 1;

    [Slot(5)]
    public int BSwish { get; set; }

    [Slot(6)]
    public long[]? External { get; set; }
}

/// <summary>Table <c>MomentsParam</c> of TensorflowOp.fbs.</summary>
public sealed class MomentsParam
{
    [Slot(0)]
    public int[]? Dim { get; set; }

    [Slot(1, Default = true)]
    public bool KeepDims { get; set; } = true;

    [Slot(2, Default = DataType.DT_FLOAT)]
    public DataType DType { get; set; } = DataType.DT_FLOAT;
}
