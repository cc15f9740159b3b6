using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>
/// Brings the channels between two convolutions to more equal ranges, which all share one step (Nagel et al., Data-Free
/// Quantization Through Weight Equalization and Bias Correction, section 4.1): what the first makes is divided by a
/// factor a channel, what the second does with it multiplied, and the function stays as it is, through a ReLU too.
/// </summary>
/// <remarks>
/// Weights have a step an output channel here, so that the first convolution never loses, and a depthwise second one
/// neither. A dense second one does when its columns become too unequal; how far to go is decided by the predicted error
/// of both. A ReLU6 is equalized only where its cap was never reached, and becomes a ReLU: no channel may have a cap of
/// its own.
/// </remarks>
internal static class Equalization
{
    /// <summary>Most samples that ranges are taken of: their ratios hardly move with more.</summary>
    internal const int MostSamples = 64;

    // A channel is enlarged no more than this: what hardly ever showed a value may show a greater one. Of few samples it is
    // enlarged less: one or two alone say nothing of how ranges compare.
    private const double LeastFactor = 1.0 / 32;
    private const double SamplesOfFactor = 2;

    // An enlarged channel fills at most half of the range, since samples that were not seen may exceed those that were.
    private const double Headroom = 2;

    private const float Cap = 6;
    private const int Levels = 254;

    /// <summary>Tensors between two convolutions that nothing else reads.</summary>
    public static IReadOnlySet<int> Candidates(Graph graph, QuantizationPlan plan)
    {
        var made = new HashSet<int>();
        var between = new HashSet<int>();
        foreach (Node node in graph.Nodes.Where(n => Fits(n.Op, plan)))
        {
            if (made.Contains(node.Inputs[0]) && graph.UseCounts[node.Inputs[0]] == 1)
            {
                between.Add(node.Inputs[0]);
            }

            made.Add(node.Outputs[0]);
        }

        return between;
    }

    /// <summary>Finds the factors.</summary>
    /// <param name="model">The float model, which is left as it is.</param>
    /// <param name="spans">By tensor id: the values of the tensors of <see cref="Candidates"/>.</param>
    /// <param name="samples">Of how many samples.</param>
    /// <returns>By tensor id: [channels], by which values are divided; tensors that win nothing are left out.</returns>
    /// <exception cref="Diagnostics.QuantizeException">Weights are damaged.</exception>
    public static IReadOnlyDictionary<int, float[]> Find(
        MnnModel model, IReadOnlyDictionary<int, ChannelSpan> spans, int samples)
    {
        var result = new SortedDictionary<int, float[]>();
        foreach ((int id, ChannelSpan span) in spans.OrderBy(s => s.Key))
        {
            (Op first, Op second) = Neighbours(model, id);
            if (((Convolution2D)first.Main!).Common!.Relu6 && span.High.Max() >= Cap)
            {
                continue;
            }

            var reader = new ColumnReader(second, model.Path);
            if (reader.Channels == span.Low.Length && Best(reader, span, Math.Clamp(SamplesOfFactor / samples, LeastFactor, 1)) is { } factors)
            {
                result[id] = factors;
            }
        }

        return result;
    }

    /// <summary>Changes a float model.</summary>
    /// <param name="model">The model; its batch norms are folded.</param>
    /// <param name="factors">By tensor id: [channels].</param>
    public static void Apply(MnnModel model, IReadOnlyDictionary<int, float[]> factors)
    {
        foreach ((int id, float[] channels) in factors)
        {
            (Op first, Op second) = Neighbours(model, id);
            var maker = (Convolution2D)first.Main!;
            float[] inverse = Array.ConvertAll(channels, f => 1 / f);
            maker.Weight = ConvolutionChannels.Multiply(
                first.Type, maker.Common!, WeightCodec.Dequantize(maker, model.Path, first.Name ?? ""), inverse);
            maker.QuanParameter = null;
            if (maker.Bias is { } bias)
            {
                maker.Bias = [.. bias.Select((b, c) => b * inverse[c])];
            }

            if (maker.Common!.Relu6)
            {
                (maker.Common.Relu6, maker.Common.Relu) = (false, true);
            }

            new ColumnReader(second, model.Path).Multiply(channels);
        }
    }

    private static bool Fits(Op op, QuantizationPlan plan) =>
        op is { Type: OpType.Convolution or OpType.ConvolutionDepthwise, InputIndexes.Length: 1, Main: Convolution2D { Common: not null } }
        && plan.Quantizes(op);

    private static (Op First, Op Second) Neighbours(MnnModel model, int id) => (
        model.Net.Oplists!.First(o => o.OutputIndexes is [var made, ..] && made == id),
        model.Net.Oplists!.First(o => o.InputIndexes is [var read] && read == id));

    // Factors are (twice the range / greatest range), at most 1, to the power of 0, 1/4, 1/2, 3/4 or 1, whichever predicts the least error.
    private static float[]? Best(ColumnReader reader, ChannelSpan span, double leastFactor)
    {
        double[] ranges = [.. span.Low.Select((low, c) => (double)MathF.Max(-low, span.High[c]))];
        double greatest = ranges.Max();
        if (greatest == 0)
        {
            return null;
        }

        double[] ratios = Array.ConvertAll(ranges, r => Math.Clamp(Headroom * r / greatest, leastFactor, 1));
        double[] none = Array.ConvertAll(ratios, _ => 1.0);
        double least = reader.Error(none, span, Levels);
        double[]? best = null;
        foreach (Func<double, double> power in (Func<double, double>[])
            [x => Math.Sqrt(Math.Sqrt(x)), Math.Sqrt, x => Math.Sqrt(x) * Math.Sqrt(Math.Sqrt(x)), x => x])
        {
            double[] factors = Array.ConvertAll(ratios, r => power(r));
            double error = reader.Error(factors, span, Levels);
            if (error < least)
            {
                (least, best) = (error, factors);
            }
        }

        return best is null ? null : Array.ConvertAll(best, f => (float)f);
    }
}
