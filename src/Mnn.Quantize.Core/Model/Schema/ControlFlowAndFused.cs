// The MNN model format, release 3.6 (schema/default/MNN.fbs of alibaba/MNN): one class a table,
// one property a field; [Slot] is the field's place in the FlatBuffers vtable.

using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Model.Schema;

/// <summary>Table <c>Plugin</c> of MNN.fbs.</summary>
public sealed class Plugin
{
    [Slot(0)]
    public string? Type { get; set; }

    [Slot(1)]
    public List<Attribute>? Attr { get; set; }
}

/// <summary>Table <c>Extra</c> of MNN.fbs.</summary>
public sealed class Extra
{
    [Slot(0)]
    public string? Type { get; set; }

    [Slot(1)]
    public string? Engine { get; set; }

    [Slot(2)]
    public sbyte[]? Info { get; set; }

    [Slot(3)]
    public List<Attribute>? Attr { get; set; }

    [Slot(4)]
    public bool Vector { get; set; }
}

/// <summary>Table <c>StringVec</c> of MNN.fbs.</summary>
public sealed class StringVec
{
    [Slot(0)]
    public string[]? Data { get; set; }
}

/// <summary>Table <c>AttentionParam</c> of MNN.fbs.</summary>
public sealed class AttentionParam
{
    [Slot(0, Default = true)]
    public bool KvCache { get; set; } = true;

    [Slot(1)]
    public string? KvSharedLayer { get; set; }

    [Slot(2, Default = -1)]
    public int LayerIndex { get; set; } = -1;

    [Slot(3, Default = -1)]
    public int KvSharedLayerIndex { get; set; } = -1;

    [Slot(4)]
    public List<TensorQuantInfo>? MhqQuant { get; set; }

    [Slot(5)]
    public bool OutputC4 { get; set; }

    [Slot(6)]
    public float AttnScale { get; set; }
}

/// <summary>Table <c>LinearAttentionParam</c> of MNN.fbs.</summary>
public sealed class LinearAttentionParam
{
    [Slot(0)]
    public string? AttnType { get; set; }

    [Slot(1)]
    public int NumKHeads { get; set; }

    [Slot(2)]
    public int NumVHeads { get; set; }

    [Slot(3)]
    public int HeadKDim { get; set; }

    [Slot(4)]
    public int HeadVDim { get; set; }

    [Slot(5)]
    public bool UseQkL2norm { get; set; }

    [Slot(6)]
    public bool GateFold { get; set; }

    [Slot(7)]
    public float[]? GateCoef { get; set; }

    [Slot(8)]
    public float[]? GateBias { get; set; }
}

/// <summary>Table <c>RoPEParam</c> of MNN.fbs.</summary>
public sealed class RoPEParam
{
    [Slot(0)]
    public int RopeCutHeadDim { get; set; }

    [Slot(1)]
    public int NumHead { get; set; }

    [Slot(2)]
    public int KvNumHead { get; set; }

    [Slot(3)]
    public int HeadDim { get; set; }

    [Slot(4)]
    public LayerNorm? QNorm { get; set; }

    [Slot(5)]
    public LayerNorm? KNorm { get; set; }
}

/// <summary>Table <c>FusedLinearParam</c> of MNN.fbs.</summary>
public sealed class FusedLinearParam
{
    [Slot(0)]
    public List<Convolution2D>? Convs { get; set; }

    [Slot(1)]
    public bool ActSiluMul { get; set; }

    [Slot(2)]
    public bool HasLn { get; set; }

    [Slot(3)]
    public LayerNorm? Ln { get; set; }

    [Slot(4)]
    public bool LnFold { get; set; }
}

/// <summary>Table <c>FmhaV2Param</c> of MNN.fbs.</summary>
public sealed class FmhaV2Param
{
    [Slot(0)]
    public int Heads { get; set; }
}

/// <summary>Table <c>FmhcaParam</c> of MNN.fbs.</summary>
public sealed class FmhcaParam
{
    [Slot(0)]
    public int Heads { get; set; }
}

/// <summary>Table <c>StftParam</c> of MNN.fbs.</summary>
public sealed class StftParam
{
    [Slot(0)]
    public int NFft { get; set; }

    [Slot(1)]
    public int HopLength { get; set; }

    [Slot(2, Default = true)]
    public bool Abs { get; set; } = true;
}

/// <summary>Table <c>ShapeParam</c> of MNN.fbs.</summary>
public sealed class ShapeParam
{
    [Slot(0)]
    public bool HasStart { get; set; }

    [Slot(1)]
    public int Start { get; set; }

    [Slot(2)]
    public bool HasEnd { get; set; }

    [Slot(3)]
    public int End { get; set; }
}

/// <summary>Table <c>WhileParam</c> of MNN.fbs.</summary>
public sealed class WhileParam
{
    [Slot(0)]
    public string? CondGraph { get; set; }

    [Slot(1)]
    public string? BodyGraph { get; set; }

    [Slot(2)]
    public List<StringVec>? AliasesInputs { get; set; }

    [Slot(3)]
    public string[]? AliasesOutputs { get; set; }

    [Slot(4)]
    public List<StringVec>? AliasesUpdates { get; set; }
}

/// <summary>Table <c>IfParam</c> of MNN.fbs.</summary>
public sealed class IfParam
{
    [Slot(0)]
    public string? ThenGraph { get; set; }

    [Slot(1)]
    public string? ElseGraph { get; set; }

    [Slot(2)]
    public List<StringVec>? AliasesInputs { get; set; }

    [Slot(3)]
    public List<StringVec>? AliasesOutputs { get; set; }
}

/// <summary>Table <c>RegionCommand</c> of MNN.fbs.</summary>
public sealed class RegionCommand
{
    [Slot(0)]
    public Op? Op { get; set; }

    [Slot(1)]
    public int[]? Steps { get; set; }

    [Slot(2)]
    public int[]? Size { get; set; }

    [Slot(3)]
    public int[]? Indexes { get; set; }

    [Slot(4)]
    public List<View>? View { get; set; }

    [Slot(5, Default = -1)]
    public int Fuse { get; set; } = -1;

    [Slot(6)]
    public int[]? IterIndexes { get; set; }
}

/// <summary>Table <c>LoopParam</c> of MNN.fbs.</summary>
public sealed class LoopParam
{
    [Slot(0)]
    public int TensorNumber { get; set; }

    [Slot(1)]
    public int[]? OutputIndexes { get; set; }

    [Slot(2)]
    public int[]? InputIndexes { get; set; }

    [Slot(3)]
    public List<TensorDescribe>? ExtraTensorInfos { get; set; }

    [Slot(4, Default = true)]
    public bool Parallel { get; set; } = true;

    [Slot(5)]
    public int LoopNumber { get; set; }

    [Slot(6)]
    public List<RegionCommand>? Commands { get; set; }

    [Slot(7)]
    public List<RegionCommand>? InitCommand { get; set; }
}
