using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Quantization.Correction;
using Mnn.Quantize.Quantization.Rounding;

namespace Mnn.Quantize.Quantization.Locking;

/// <summary>From an int8 model to what has to be remembered of it, and back.</summary>
internal static class LockedModel
{
    /// <summary>What a candidate's convolutions are, with biases where they were changed.</summary>
    /// <param name="maker">Who made it.</param>
    /// <param name="candidate">The int8 model.</param>
    public static IReadOnlyList<LockedConvolution> Convolutions(CandidateMaker maker, Candidate candidate)
    {
        MnnModel floats = maker.LoadFloat();
        Dictionary<int, Convolution2D> before = floats.Net.Oplists!
            .Where(IsConvolution).ToDictionary(o => o.OutputIndexes![0], o => (Convolution2D)o.Main!);
        QuantConfig config = candidate.Recipe.ApplyTo(maker.Config);
        byte[]? Rounding(Op op, Convolution2D source) => RoundingBits.Of(
            ModelQuantizer.RoundWeights(config, floats, op, source),
            WeightCodec.Decode(((Convolution2D)op.Main!).QuanParameter!, floats.Path, op.Name ?? "").Values);
        return
        [
            .. candidate.Model.Net.Oplists!.Where(IsConvolution).Select(op =>
            {
                var convolution = (Convolution2D)op.Main!;
                Convolution2D source = before[op.OutputIndexes![0]];
                LockedWeights weights = convolution.SymmetricQuan is not null ? LockedWeights.Int8
                    : convolution.QuanParameter is not null && source.QuanParameter is null ? LockedWeights.Stored
                    : LockedWeights.Float;
                bool same = (convolution.Bias ?? []).AsSpan().SequenceEqual(source.Bias ?? []);
                return new LockedConvolution(
                    op.OutputIndexes[0], op.Name ?? "", weights, same ? null : convolution.Bias,
                    weights == LockedWeights.Float ? null : Rounding(op, source));
            }),
        ];
    }

    /// <summary>Makes the int8 model again.</summary>
    /// <param name="file">What was remembered.</param>
    /// <param name="model">The float model, which is changed.</param>
    /// <param name="path">Path of the lock file, for messages.</param>
    /// <exception cref="QuantizeException">The lock file names what the model does not have.</exception>
    public static void Apply(LockFile file, MnnModel model, string path)
    {
        BatchNormFolding.Apply(model);
        var quant = new QuantParameters?[Graph.Build(model).TensorCount];
        try
        {
            Equalization.Apply(model, file.Factors);
            foreach (LockedTensor tensor in file.Tensors)
            {
                quant[tensor.Id] = tensor.Quant;
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or InvalidOperationException)
        {
            throw Errors.LockMalformed(path, 1, "it names tensors that the model does not have");
        }

        Dictionary<int, LockedConvolution> locked = file.Convolutions.DistinctBy(c => c.Output).ToDictionary(c => c.Output);
        LockedWeights Weights(Op op) => op.OutputIndexes is [var id, ..] && locked.TryGetValue(id, out LockedConvolution? c)
            ? c.Weights
            : LockedWeights.Float;
        foreach (Op op in model.Net.Oplists!.Where(IsConvolution))
        {
            if (locked.TryGetValue(op.OutputIndexes![0], out LockedConvolution? convolution) && convolution.Bias is { } bias)
            {
                ((Convolution2D)op.Main!).Bias = bias;
            }
        }

        var config = new QuantConfig { WeightMethod = file.WeightMethod, QuantBits = file.WeightBits, WeightClamp = file.WeightClamp };
        RoundedWeights? Rounded(Op op) => locked.GetValueOrDefault(op.OutputIndexes![0])?.Rounding is { } bits
            ? Round(config, model, op, bits, path)
            : null;
        new ModelQuantizer(config, quant, Rounded).Apply(
            model, op => Weights(op) != LockedWeights.Float, op => Weights(op) == LockedWeights.Stored);
    }

    private static RoundedWeights Round(QuantConfig config, MnnModel model, Op op, byte[] bits, string path)
    {
        var convolution = (Convolution2D)op.Main!;
        RoundedWeights rounded = ModelQuantizer.RoundWeights(config, model, op, convolution);
        try
        {
            RoundingBits.Apply(bits, WeightCodec.Dequantize(convolution, model.Path, op.Name ?? ""), rounded, config.WeightLimit);
            return rounded;
        }
        catch (ArgumentException)
        {
            throw Errors.LockMalformed(path, 1, $"it does not say of each weight of '{op.Name}' how it is rounded");
        }
    }

    private static bool IsConvolution(Op op) =>
        QuantizationPlan.IsConvolution(op.Type) && op is { OutputIndexes: [_, ..], Main: Convolution2D };
}
