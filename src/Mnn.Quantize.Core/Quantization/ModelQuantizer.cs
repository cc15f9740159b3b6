using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Writes scales and int8 weights into a model, in the form that the runtime reads (calibration.cpp).</summary>
/// <param name="config">Bits, clamps and methods.</param>
/// <param name="quant">By tensor id: scale and zero point, or null where the tensor stays float.</param>
/// <param name="given">Weights that are rounded already, by operator; null rounds them by the config's method.</param>
internal sealed class ModelQuantizer(
    QuantConfig config, QuantParameters?[] quant, Func<Op, RoundedWeights?>? given = null)
{
    private const int RuntimeBits = 8;

    /// <summary>Changes <paramref name="model"/> in place.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="quantize">Tells the convolutions that become int8.</param>
    /// <param name="storesWeights">Tells those of them that get int8 weights even where they compute in float; or null.</param>
    /// <returns>How many compute in int8.</returns>
    public int Apply(MnnModel model, Func<Op, bool> quantize, Func<Op, bool>? storesWeights = null)
    {
        Net net = model.Net;
        int count = 0;
        foreach (Op op in net.Oplists ?? [])
        {
            if (op.Main is Convolution2D convolution && quantize(op))
            {
                if (quant[op.InputIndexes![0]] is { } input && quant[op.OutputIndexes![0]] is { } output)
                {
                    QuantizeWeights(model, op, convolution, input, output);
                    count++;
                }
                else if (storesWeights?.Invoke(op) == true)
                {
                    StoreWeights(model, op, convolution);
                }
            }

            UnaryTables.Add(op, Quant);
        }

        net.ExtraTensorDescribe = Describe(net.ExtraTensorDescribe ?? []);
        return count;
    }

    /// <summary>Rounds float weights by the config's method.</summary>
    /// <param name="config">Bits, clamp and method.</param>
    /// <param name="model">Where the convolution is from, for messages.</param>
    /// <param name="op">The operator.</param>
    /// <param name="convolution">Its parameters.</param>
    /// <exception cref="QuantizeException">A weight is not finite.</exception>
    public static RoundedWeights RoundWeights(QuantConfig config, MnnModel model, Op op, Convolution2D convolution)
    {
        float[] weights = WeightCodec.Dequantize(convolution, model.Path, op.Name ?? "");
        if (Array.Exists(weights, w => !float.IsFinite(w)))
        {
            throw Errors.WeightsNotFinite(model.Path, op.Name ?? "");
        }

        var levels = new sbyte[weights.Length];
        var scales = new float[convolution.Common!.OutputCount];
        WeightQuantizer.Quantize(weights, scales.Length, config.WeightLimit, config.WeightMethod, levels, scales);
        return new RoundedWeights(levels, scales);
    }

    private TensorQuantInfo? Quant(int id) => quant[id] is { } parameters
        ? new TensorQuantInfo
        {
            Scale = parameters.Scale,
            Zero = parameters.ZeroPoint,
            Min = parameters.Min,
            Max = parameters.Max,
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

        for (int id = 0; id < quant.Length; id++)
        {
            if (Quant(id) is { } info)
            {
                if (!byIndex.TryGetValue(id, out TensorDescribe? describe))
                {
                    byIndex[id] = describe = new TensorDescribe { Index = id };
                }

                describe.QuantInfo = info;
            }
        }

        return [.. byIndex.Values];
    }

    private void QuantizeWeights(
        MnnModel model, Op op, Convolution2D convolution, QuantParameters input, QuantParameters output)
    {
        StoreWeights(model, op, convolution);
        convolution.QuanParameter!.ScaleIn = input.Scale;
        convolution.QuanParameter.ScaleOut = output.Scale;
        int greatest = (1 << (config.QuantBits - 1)) - 1;
        convolution.SymmetricQuan = new QuantizedFloatParam
        {
            Nbits = RuntimeBits,
            ZeroPoint = (sbyte)input.ZeroPoint,
            OutputZeroPoint = (sbyte)output.ZeroPoint,
            ClampMin = (sbyte)-greatest,
            ClampMax = (sbyte)greatest,
        };
    }

    // Coded as 8-bit weights of which only the levels that occur are stored, which is as small as fewer bits. Told of
    // fewer, the runtime (3.6.1, x86) takes kernels that crash (4 bits) or compute something else (2 to 7).
    private void StoreWeights(MnnModel model, Op op, Convolution2D convolution)
    {
        RoundedWeights rounded = given?.Invoke(op) ?? RoundWeights(config, model, op, convolution);
        int outputs = rounded.Scales.Length;
        convolution.QuanParameter = WeightCodec.Encode(
            rounded.Levels, outputs, rounded.Levels.Length / outputs, rounded.Scales, RuntimeBits);
        convolution.Weight = null;
        convolution.External = null;
        op.ExternalPath = null;
        if (convolution.Common!.InputCount == 0)
        {
            convolution.Common.InputCount = InputCount(op, convolution, rounded.Levels.Length);
        }
    }

    /// <summary>Input channels, which follow from the number of weights.</summary>
    internal static int InputCount(Op op, Convolution2D convolution, int weightCount)
    {
        Convolution2DCommon common = convolution.Common!;
        return op.Type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise
            ? common.OutputCount
            : weightCount / (common.OutputCount * common.KernelX * common.KernelY) * common.Group;
    }
}

/// <summary>Weights of a convolution, rounded.</summary>
/// <param name="Levels">[outputs, k]</param>
/// <param name="Scales">[outputs]: a weight is level * scale.</param>
internal sealed record RoundedWeights(sbyte[] Levels, float[] Scales)
{
    /// <summary>The weights that they stand for.</summary>
    public float[] ToFloat()
    {
        int perOutput = Levels.Length / Scales.Length;
        var weights = new float[Levels.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Levels[i] * Scales[i / perOutput];
        }

        return weights;
    }
}
