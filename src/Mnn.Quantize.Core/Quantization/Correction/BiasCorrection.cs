using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>
/// Lets the biases of convolutions make up for the mean error of their rounded weights and inputs (Nagel et al., Data-Free
/// Quantization Through Weight Equalization and Bias Correction, section 4.2, with means of samples):
/// b'[o] = b[o] + sum over c of (sum of W[o, c]) E[x[c]] - (sum of W'[o, c]) E[x'[c]], where ' marks what is rounded.
/// </summary>
internal static class BiasCorrection
{
    /// <summary>Most samples that means are taken of: more move them by less than a level.</summary>
    internal const int MostSamples = 64;

    /// <summary>The tensors whose means are needed.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="rounds">Tells the convolutions whose weights are rounded.</param>
    public static IReadOnlyCollection<int> Inputs(Graph graph, Func<Op, bool> rounds) =>
        [.. graph.Nodes.Where(n => Corrects(n.Op, rounds)).Select(n => n.Inputs[0]).Distinct()];

    /// <summary>Changes the biases of a float model that is about to be quantized.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="rounds">Tells the convolutions whose weights are rounded.</param>
    /// <param name="config">How weights are rounded.</param>
    /// <param name="means">By tensor id: means of its channels, as they are and as the int8 model has them.</param>
    public static void Apply(
        MnnModel model,
        Func<Op, bool> rounds,
        QuantConfig config,
        IReadOnlyDictionary<int, (double[] Real, double[] Rounded)> means)
    {
        foreach (Op op in model.Net.Oplists!.Where(o => Corrects(o, rounds)))
        {
            var convolution = (Convolution2D)op.Main!;
            if (!means.TryGetValue(op.InputIndexes![0], out (double[] Real, double[] Rounded) mean))
            {
                continue;
            }

            float[] weights = WeightCodec.Dequantize(convolution, model.Path, op.Name ?? "");
            float[] rounded = ModelQuantizer.RoundWeights(config, model, op, convolution).ToFloat();
            int outputs = convolution.Common!.OutputCount;
            int kernel = convolution.Common.KernelX * convolution.Common.KernelY;
            int inputs = weights.Length / (outputs * kernel);
            int groups = mean.Real.Length / inputs;
            if (inputs * groups != mean.Real.Length || outputs % groups != 0)
            {
                continue;
            }

            float[] bias = convolution.Bias is { Length: > 0 } given ? [.. given] : new float[outputs];
            for (int o = 0; o < outputs; o++)
            {
                int first = o / (outputs / groups) * inputs;
                double shift = 0;
                for (int i = 0; i < inputs * kernel; i++)
                {
                    int place = (o * inputs * kernel) + i;
                    int channel = first + (i / kernel);
                    shift += (weights[place] * mean.Real[channel]) - (rounded[place] * mean.Rounded[channel]);
                }

                bias[o] += (float)shift;
            }

            convolution.Bias = bias;
        }
    }

    // A deconvolution's positions see different parts of its kernel, so that a mean over positions says little.
    private static bool Corrects(Op op, Func<Op, bool> rounds) =>
        op.Type is OpType.Convolution or OpType.ConvolutionDepthwise && rounds(op);
}
