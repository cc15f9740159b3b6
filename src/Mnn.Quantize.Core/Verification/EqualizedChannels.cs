using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Finds tensors between two convolutions whose channels an int8 model holds divided by factors, which equalization does: rounded
/// or not, they are compared as what they stand for.
/// </summary>
/// <remarks>
/// A convolution whose input was divided by f and whose output by g has the weights W'[o, i] = W[o, i] f[i] / g[o]. So g follows from
/// f and the weights of both models, from the first convolution of a chain to the last.
/// </remarks>
internal static class EqualizedChannels
{
    // Rounded weights may look a 20th larger or smaller than they are.
    private const double Clear = 0.05;
    private const double LeastFactor = 1.0 / 40;

    // What rounding, to 4 bits, say, may leave of the weights as a difference. Trained weights differ more, or not as here.
    private const double MostRest = 0.3;

    /// <summary>Compares the weights of both models.</summary>
    /// <param name="tensors">The tensors that both have, in the order in which they come to be.</param>
    /// <param name="expected">The float model.</param>
    /// <param name="actual">The model that is measured.</param>
    /// <returns>By place in <paramref name="tensors"/>: [channels], by which values are to be multiplied; null for none.</returns>
    /// <exception cref="Diagnostics.QuantizeException">Weights are damaged.</exception>
    public static float[]?[] Find(ComparedTensor[] tensors, Graph expected, Graph actual)
    {
        var result = new float[]?[tensors.Length];
        var known = new Dictionary<int, float[]>();
        for (int i = 0; i < tensors.Length; i++)
        {
            ComparedTensor tensor = tensors[i];
            if (IsStraight(tensor.Expected) && IsStraight(tensor.Actual) && IsBetween(expected, tensor.ExpectedId)
                && Factors(tensor, expected.File, actual.File, known.GetValueOrDefault(tensor.Expected.Inputs[0])) is { } factors)
            {
                result[i] = known[tensor.ExpectedId] = factors;
            }
        }

        return result;
    }

    private static bool IsBetween(Graph graph, int id) =>
        graph.UseCounts[id] == 1 && Array.Exists(graph.Nodes, n => n.Inputs.Contains(id) && IsStraight(n));

    private static bool IsStraight(Node node) => node.Op is
    {
        Type: OpType.Convolution or OpType.ConvolutionDepthwise, InputIndexes.Length: 1, Main: Convolution2D { Common.OutputCount: > 0 }
    };

    // g[o] with the least squared error of W'[o] g[o] = W[o] f, channel by channel.
    private static float[]? Factors(ComparedTensor tensor, string expectedFile, string actualFile, float[]? before)
    {
        var convolution = (Convolution2D)tensor.Expected.Op.Main!;
        float[] real = WeightCodec.Dequantize(convolution, expectedFile, tensor.Expected.Name);
        float[] other = WeightCodec.Dequantize((Convolution2D)tensor.Actual.Op.Main!, actualFile, tensor.Actual.Name);
        Convolution2DCommon common = convolution.Common!;
        int taps = common.KernelX * common.KernelY, outputs = common.OutputCount, inputs = real.Length / Math.Max(1, outputs * taps);
        int groups = tensor.Expected.Op.Type == OpType.ConvolutionDepthwise ? outputs : Math.Max(1, common.Group);
        if (real.Length != other.Length || inputs == 0 || (before is not null && before.Length != inputs * groups))
        {
            return null;
        }

        float[] factors = new float[outputs];
        (double rest, double power) = (0, 0);
        for (int o = 0; o < outputs; o++)
        {
            (double product, double square, double expected) = (0, 0, 0);
            for (int i = o * inputs * taps; i < (o + 1) * inputs * taps; i++)
            {
                double weight = real[i] * (double)(before?[(o / Math.Max(1, outputs / groups) * inputs) + (i / taps % inputs)] ?? 1);
                product += weight * other[i];
                square += (double)other[i] * other[i];
                expected += weight * weight;
            }

            factors[o] = square == 0 ? 1 : (float)(product / square);
            rest += expected - (square == 0 ? 0 : product * product / square);
            power += expected;
        }

        bool isFactor = Array.TrueForAll(factors, f => f > LeastFactor && f < 1 + Clear);
        return isFactor && rest <= MostRest * MostRest * power && Array.Exists(factors, f => f < 1 - Clear) ? factors : null;
    }
}
