using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>
/// Rewrites a model that was converted for training into what the runtime can execute and quantize: BatchNorm and Scale
/// go into the weights and the bias of the convolution before them, ReLU and ReLU6 become its activation. A BatchNorm
/// that has no such convolution becomes a Scale, since the runtime doesn't execute BatchNorm.
/// </summary>
/// <remarks>
/// Outside training BatchNorm is y = a x + b with a = slope / sqrt(variance + epsilon), b = bias - mean a (Ioffe and
/// Szegedy, arXiv:1502.03167, algorithm 2), so that W' = a W and b' = a * bias + b give the same as convolution and
/// BatchNorm. A convolution keeps its name and takes over the last folded operator's output tensor.
/// </remarks>
internal sealed class BatchNormFolding
{
    private readonly MnnModel _model;
    private readonly List<Op> _ops;
    private readonly HashSet<int> _kept;
    private readonly Dictionary<int, List<Op>> _readers = [];

    private BatchNormFolding(MnnModel model, List<Op> ops, IEnumerable<int> kept)
    {
        _model = model;
        _ops = ops;
        _kept = [.. kept];
        foreach (Op op in ops)
        {
            foreach (int id in op.InputIndexes ?? [])
            {
                if (!_readers.TryGetValue(id, out List<Op>? readers))
                {
                    _readers[id] = readers = [];
                }

                readers.Add(op);
            }
        }
    }

    /// <summary>Whether a model has BatchNorm operators, as models converted for training do.</summary>
    public static bool HasBatchNorm(MnnModel model) =>
        Graphs(model).Any(g => g.Ops.Exists(o => o.Type == OpType.BatchNorm));

    /// <summary>Changes a model in place; one without such operators stays as it is.</summary>
    /// <exception cref="QuantizeException">A BatchNorm has no statistics, or weights don't fit.</exception>
    public static void Apply(MnnModel model)
    {
        int before = model.Net.Oplists?.Count ?? 0;
        foreach ((List<Op> ops, IEnumerable<int> kept) in Graphs(model))
        {
            new BatchNormFolding(model, ops, kept).Run();
        }

        if (before > model.Net.Oplists?.Count)
        {
            ForgetNames(model.Net);
        }
    }

    // Tensors keep their numbers; the names of those that are gone would be half a percent of a file of a few hundred kB.
    private static void ForgetNames(Net net)
    {
        HashSet<int> used = [.. net.Oplists!.SelectMany(op => (op.InputIndexes ?? []).Concat(op.OutputIndexes ?? []))];
        net.TensorName = net.TensorName is { } names ? [.. names.Select((name, i) => used.Contains(i) ? name : "")] : null;
    }

    private static IEnumerable<(List<Op> Ops, IEnumerable<int> Kept)> Graphs(MnnModel model)
    {
        Net net = model.Net;
        string[] names = net.TensorName ?? [];
        yield return (net.Oplists ?? [], (net.OutputName ?? []).Select(n => Array.IndexOf(names, n)));
        foreach (SubGraphProto graph in net.Subgraphs ?? [])
        {
            yield return (graph.Nodes ?? [], graph.Outputs ?? []);
        }
    }

    private void Run()
    {
        var gone = new HashSet<Op>();
        foreach (Op op in _ops)
        {
            if (op.Type is OpType.Convolution or OpType.ConvolutionDepthwise or OpType.Deconvolution or OpType.DeconvolutionDepthwise
                && op is { InputIndexes.Length: 1, OutputIndexes.Length: 1, Main: Convolution2D { Common: not null } convolution })
            {
                Fold(op, convolution, gone);
            }
        }

        _ops.RemoveAll(gone.Contains);
        foreach (Op op in _ops.Where(o => o.Type == OpType.BatchNorm))
        {
            (float[] scales, float[] biases) = Affine(op);
            op.Type = OpType.Scale;
            op.Main = new Scale { Channels = scales.Length, ScaleData = scales, BiasData = biases };
        }
    }

    private void Fold(Op op, Convolution2D convolution, HashSet<Op> gone)
    {
        while (!_kept.Contains(op.OutputIndexes![0])
            && _readers.TryGetValue(op.OutputIndexes[0], out List<Op>? readers)
            && readers is [{ InputIndexes.Length: 1, OutputIndexes.Length: 1 } next]
            && !convolution.Common!.Relu && !convolution.Common.Relu6
            && TryFold(op, convolution, next))
        {
            op.OutputIndexes = next.OutputIndexes;
            gone.Add(next);
        }
    }

    private bool TryFold(Op op, Convolution2D convolution, Op next)
    {
        switch (next.Type)
        {
            case OpType.BatchNorm:
            case OpType.Scale when next.Main is Scale { ScaleData: not null }:
                (float[] scales, float[] biases) = Affine(next);
                return FoldAffine(op, convolution, scales, biases);
            case OpType.ReLU when next.Main is null or Relu { Slope: 0 }:
                convolution.Common!.Relu = true;
                return true;
            case OpType.ReLU6 when next.Main is null or Relu6 { MinValue: 0, MaxValue: 6 }:
                convolution.Common!.Relu6 = true;
                return true;
            default:
                return false;
        }
    }

    private bool FoldAffine(Op op, Convolution2D convolution, float[] scales, float[] biases)
    {
        Convolution2DCommon common = convolution.Common!;
        if (scales.Length != common.OutputCount)
        {
            return false;
        }

        float[] weights = WeightCodec.Dequantize(convolution, _model.Path, op.Name ?? "");
        if (!ConvolutionChannels.Fit(op.Type, common, weights.Length))
        {
            throw Errors.WeightsDamaged(
                _model.Path, op.Name ?? "", $"{weights.Length} weights for {common.OutputCount} outputs");
        }

        convolution.Weight = ConvolutionChannels.Multiply(op.Type, common, weights, scales);
        convolution.QuanParameter = null;
        var folded = new float[scales.Length];
        for (int i = 0; i < folded.Length; i++)
        {
            float bias = convolution.Bias is { Length: > 0 } old && i < old.Length ? old[i] : 0;
            folded[i] = (float)(((double)scales[i] * bias) + biases[i]);
        }

        convolution.Bias = folded;
        return true;
    }

    // One factor and one summand a channel.
    private (float[] Scales, float[] Biases) Affine(Op op)
    {
        if (op.Main is Scale { ScaleData: { } given } scale)
        {
            return (given, scale.BiasData is { Length: > 0 } bias && bias.Length == given.Length ? bias : new float[given.Length]);
        }

        if (op.Main is not BatchNorm { SlopeData: { } slope, MeanData: { } mean, VarData: { } variance } norm
            || mean.Length != slope.Length || variance.Length != slope.Length
            || (norm.BiasData is { } shift && shift.Length != slope.Length))
        {
            throw Errors.BatchNormDamaged(_model.Path, op.Name ?? "");
        }

        var scales = new float[slope.Length];
        var biases = new float[slope.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            double factor = slope[i] / Math.Sqrt((double)variance[i] + norm.Epsilon);
            scales[i] = (float)factor;
            biases[i] = (float)((norm.BiasData?[i] ?? 0) - (mean[i] * factor));
        }

        return (scales, biases);
    }
}
