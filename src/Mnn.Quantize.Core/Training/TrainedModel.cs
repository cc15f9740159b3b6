using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Training;

/// <summary>Makes the int8 model of what was trained: BatchNorm folded, weights at the levels that training rounded to.</summary>
/// <param name="plan">What was trained.</param>
internal sealed class TrainedModel(TrainingPlan plan)
{
    /// <summary>What becomes int8.</summary>
    /// <param name="folded">The model with BatchNorm folded.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="QuantizeException">There is nothing to quantize.</exception>
    public static QuantizationPlan PlanOf(Graph folded, TrainingOptions options)
    {
        var skipped = new NamePatterns(options.SkippedOps);
        QuantConfig config = Config(options, folded.Nodes.Select(n => n.Op.Name ?? "").Where(skipped.Match));
        return QuantizationPlan.Make(folded, config, new List<Diagnostic>());
    }

    /// <summary>The int8 model.</summary>
    public MnnModel ToInt8()
    {
        MnnModel model = MnnModel.FromBytes(plan.Model.ToBytes(), plan.Model.Path);
        foreach (Op op in Convolutions(model))
        {
            ((Convolution2D)op.Main!).Weight = [.. plan.Roundings[op.Name!].Values];
        }

        BatchNormFolding.Apply(model);
        Graph graph = Graph.Build(model);
        QuantizationPlan int8 = PlanOf(graph, plan.Options);
        QuantParameters?[] quant = RangeScales.Find(
            graph, int8, plan.RunningRanges(int8.Observed), FeatureRange.Clamp, new List<Diagnostic>());
        new ModelQuantizer(Config(plan.Options, []), quant, Levels).Apply(model, Quantizes);
        return model;
    }

    private static QuantConfig Config(TrainingOptions options, IEnumerable<string> skipped) =>
        new() { QuantBits = options.WeightBits, SkipOps = [.. skipped] };

    private IEnumerable<Op> Convolutions(MnnModel model) =>
        model.Net.Oplists!.Where(Quantizes);

    private bool Quantizes(Op op) => op.Main is Convolution2D && plan.Roundings.ContainsKey(op.Name ?? "");

    // Folding multiplied each channel by a factor. It leaves the levels alone but for the sign, and goes into the scale.
    private RoundedWeights Levels(Op op)
    {
        WeightRounding rounding = plan.Roundings[op.Name!];
        float[] folded = ((Convolution2D)op.Main!).Weight!;
        int k = folded.Length / rounding.Scales.Length;
        var levels = new sbyte[folded.Length];
        var scales = new float[rounding.Scales.Length];
        for (int c = 0; c < scales.Length; c++)
        {
            float before = Greatest(rounding.Values.AsSpan(c * k, k)), after = Greatest(folded.AsSpan(c * k, k));
            scales[c] = before > 0 ? (float)((double)rounding.Scales[c] * after / before) : 0;
            for (int i = c * k; i < (c + 1) * k && scales[c] > 0; i++)
            {
                levels[i] = (sbyte)Math.Clamp(MathF.Round(folded[i] / scales[c]), -rounding.Limit, rounding.Limit);
            }
        }

        return new RoundedWeights(levels, scales);
    }

    private static float Greatest(ReadOnlySpan<float> values)
    {
        float greatest = 0;
        foreach (float value in values)
        {
            greatest = MathF.Max(greatest, MathF.Abs(value));
        }

        return greatest;
    }
}
