using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Writes scales and int8 weights into a model, in the form that the runtime reads (calibration.cpp).</summary>
/// <param name="config">Bits, clamps and methods.</param>
/// <param name="scales">By tensor id: the scale, or 0 where the tensor stays float.</param>
internal sealed class ModelQuantizer(QuantConfig config, float[] scales)
{
    /// <summary>Changes <paramref name="model"/> in place.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="quantize">Tells the convolutions that become int8.</param>
    /// <returns>How many did.</returns>
    public int Apply(MnnModel model, Func<Op, bool> quantize)
    {
        Net net = model.Net;
        int count = 0;
        foreach (Op op in net.Oplists ?? [])
        {
            if (op.Main is Convolution2D convolution && quantize(op)
                && scales[op.InputIndexes![0]] > 0 && scales[op.OutputIndexes![0]] > 0)
            {
                QuantizeWeights(model, op, convolution);
                count++;
            }

            UnaryTables.Add(op, Quant);
        }

        net.ExtraTensorDescribe = Describe(net.ExtraTensorDescribe ?? []);
        return count;
    }

    private TensorQuantInfo? Quant(int id) => scales[id] > 0
        ? new TensorQuantInfo
        {
            Scale = scales[id],
            Min = -config.FeatureClamp,
            Max = config.FeatureClamp,
            Type = DataType.DT_INT8,
        }
        : null;

    private List<TensorDescribe> Describe(List<TensorDescribe> existing)
    {
        var byIndex = new SortedDictionary<int, TensorDescribe>();
        foreach (TensorDescribe describe in existing)
        {
            byIndex[describe.Index] = describe;
        }

        for (int id = 0; id < scales.Length; id++)
        {
            if (Quant(id) is { } quant)
            {
                if (!byIndex.TryGetValue(id, out TensorDescribe? describe))
                {
                    byIndex[id] = describe = new TensorDescribe { Index = id };
                }

                describe.QuantInfo = quant;
            }
        }

        return [.. byIndex.Values];
    }

    private void QuantizeWeights(MnnModel model, Op op, Convolution2D convolution)
    {
        float[] weights = WeightCodec.Dequantize(convolution, model.Path, op.Name ?? "");
        if (Array.Exists(weights, w => !float.IsFinite(w)))
        {
            throw Errors.WeightsNotFinite(model.Path, op.Name ?? "");
        }

        int outputs = convolution.Common!.OutputCount;
        var levels = new sbyte[weights.Length];
        var weightScales = new float[outputs];
        WeightQuantizer.Quantize(weights, outputs, config.WeightLimit, config.WeightMethod, levels, weightScales);

        IDSTQuan coded = WeightCodec.Encode(levels, outputs, weights.Length / outputs, weightScales, config.QuantBits);
        coded.ScaleIn = scales[op.InputIndexes![0]];
        coded.ScaleOut = scales[op.OutputIndexes![0]];
        int greatest = (1 << (config.QuantBits - 1)) - 1;
        convolution.QuanParameter = coded;
        convolution.SymmetricQuan = new QuantizedFloatParam
        {
            Nbits = config.QuantBits,
            ClampMin = (sbyte)-greatest,
            ClampMax = (sbyte)greatest,
        };
        convolution.Weight = null;
        convolution.External = null;
        op.ExternalPath = null;
        if (convolution.Common.InputCount == 0)
        {
            convolution.Common.InputCount = InputCount(op, convolution, weights.Length);
        }
    }

    private static int InputCount(Op op, Convolution2D convolution, int weightCount)
    {
        Convolution2DCommon common = convolution.Common!;
        return op.Type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise
            ? common.OutputCount
            : weightCount / (common.OutputCount * common.KernelX * common.KernelY) * common.Group;
    }
}
