using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Model;

/// <summary>
/// Brings weights that a model keeps in files beside it into its tables. A table's <c>external</c> is the place of the
/// first byte in the file, then the bytes of each vector, which lie there one after the other. Which vectors those are,
/// the runtime's loader defines (OpCommonUtils.cpp, ConvolutionCommon.cpp, InitNet.cpp of alibaba/MNN).
/// </summary>
/// <param name="files">Where the weights are read from.</param>
internal sealed class ExternalWeights(WeightFiles files)
{
    /// <summary>Reads the weights of all operators of a graph and clears what referred to them.</summary>
    /// <exception cref="QuantizeException">A file is missing or too short, or a reference makes no sense.</exception>
    internal void Resolve(Net net)
    {
        Resolve(net.Oplists);
        foreach (SubGraphProto graph in net.Subgraphs ?? [])
        {
            Resolve(graph.Nodes);
        }
    }

    private void Resolve(List<Op>? ops)
    {
        foreach (Op op in ops ?? [])
        {
            Resolve(op);
        }
    }

    private void Resolve(Op op)
    {
        bool resolved = op.Main switch
        {
            Convolution2D convolution => Resolve(op, convolution),
            Convolution3D convolution => Resolve(op, convolution),
            FusedLinearParam fused => Resolve(op, fused),
            Scale scale => Resolve(op, scale),
            LayerNorm norm => Resolve(op, norm),
            GroupNorm norm => Resolve(op, norm),
            RoPEParam rope => Resolve(op, rope.QNorm) | Resolve(op, rope.KNorm),
            Blob blob => Resolve(op, blob),
            _ => false,
        };
        if (resolved)
        {
            op.ExternalPath = null;
        }

        if (op.Main is LoopParam loop)
        {
            Resolve(loop.Commands);
            Resolve(loop.InitCommand);
        }
    }

    private void Resolve(List<RegionCommand>? commands)
    {
        foreach (RegionCommand command in commands ?? [])
        {
            if (command.Op is not null)
            {
                Resolve(command.Op);
            }
        }
    }

    private bool Resolve(Op op, Convolution2D table)
    {
        if (files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        if (table.QuanParameter is { } quantized)
        {
            ReadQuantized(vectors, table, quantized);
        }
        else
        {
            table.Weight = vectors.Next<float>() ?? table.Weight;
            table.Bias = vectors.Next<float>() ?? table.Bias;
        }

        table.External = null;
        return true;
    }

    private static void ReadQuantized(WeightFiles.Vectors vectors, Convolution2D table, IDSTQuan quantized)
    {
        quantized.Buffer = vectors.Next<sbyte>() ?? quantized.Buffer;
        if (quantized.ScaleStorage == ScaleStorageType.FP16)
        {
            quantized.AlphaFp16 = vectors.Next<ushort>() ?? quantized.AlphaFp16;
        }
        else
        {
            quantized.Alpha = vectors.Next<float>() ?? quantized.Alpha;
        }

        // The runtime takes a bias of no bytes for zeros.
        float[]? bias = vectors.Next<float>();
        if (table.Bias is null or [])
        {
            table.Bias = bias ?? new float[Math.Max(0, table.Common?.OutputCount ?? 0)];
        }

        quantized.Index = vectors.Next<uint>() ?? quantized.Index;
    }

    private bool Resolve(Op op, Convolution3D table)
    {
        if (files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        table.Weight = vectors.Next<float>() ?? table.Weight;
        table.Bias = vectors.Next<float>() ?? table.Bias;
        table.External = null;
        return true;
    }

    private bool Resolve(Op op, FusedLinearParam table)
    {
        bool resolved = Resolve(op, table.Ln);
        foreach (Convolution2D convolution in table.Convs ?? [])
        {
            resolved |= Resolve(op, convolution);
        }

        return resolved;
    }

    private bool Resolve(Op op, Scale table)
    {
        if (files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        table.ScaleData = vectors.Next<float>() ?? table.ScaleData;
        table.BiasData = vectors.Next<float>() ?? table.BiasData;
        table.External = null;
        return true;
    }

    private bool Resolve(Op op, LayerNorm? table)
    {
        if (table is null || files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        table.Gamma = vectors.Next<float>() ?? table.Gamma;
        table.Beta = vectors.Next<float>() ?? table.Beta;
        table.External = null;
        return true;
    }

    private bool Resolve(Op op, GroupNorm table)
    {
        if (files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        table.Gamma = vectors.Next<float>() ?? table.Gamma;
        table.Beta = vectors.Next<float>() ?? table.Beta;
        table.External = null;
        return true;
    }

    private bool Resolve(Op op, Blob table)
    {
        if (files.Open(op, table.External) is not { } vectors)
        {
            return false;
        }

        switch (table.DataType)
        {
            case DataType.DT_FLOAT:
                table.Float32s = vectors.Next<float>() ?? table.Float32s;
                break;
            case DataType.DT_INT32:
                table.Int32s = vectors.Next<int>() ?? table.Int32s;
                break;
            case DataType.DT_INT64:
                table.Int64s = vectors.Next<long>() ?? table.Int64s;
                break;
            case DataType.DT_INT8:
                table.Int8s = vectors.Next<sbyte>() ?? table.Int8s;
                break;
            case DataType.DT_UINT8 or DataType.DT_QUINT8 or DataType.DT_BFLOAT16 or DataType.DT_HALF:
                table.Uint8s = vectors.Next<byte>() ?? table.Uint8s;
                break;
            default:
                throw Errors.ExternalWeightType(files.Model, op.Name ?? "", table.DataType.ToString());
        }

        table.External = null;
        return true;
    }
}
