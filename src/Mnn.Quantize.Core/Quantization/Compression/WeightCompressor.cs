using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using QuantizeMode = Mnn.Quantize.Configuration.QuantizeMode;

namespace Mnn.Quantize.Quantization.Compression;

/// <summary>
/// Stores the weights of a model in fewer bits and leaves all else as it is: the runtime makes floats of them when it loads the
/// model (source/core/ConvolutionCommon.cpp of alibaba/MNN). What the reference's converter compresses is compressed:
/// convolutions and deconvolutions, dense, in groups and depthwise, in all graphs of the model (WeightQuantAndCoding.cpp,
/// SaveHalfFloat.cpp); and constants that are matrices.
/// </summary>
internal sealed class WeightCompressor
{
    private const int HalfBits = 16;
    private const int FloatBits = 32;
    private const float GreatestHalf = 65504;

    private readonly QuantConfig _config;
    private readonly MnnModel _model;
    private readonly HashSet<string> _skipped;

    private WeightCompressor(QuantConfig config, MnnModel model)
    {
        (_config, _model) = (config, model);
        _skipped = [.. config.SkipOps];
    }

    /// <summary>Compresses in place.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="config">A mode that compresses weights alone, with its settings.</param>
    /// <param name="workers">Threads; the result does not depend on them.</param>
    /// <param name="warnings">Told of names of operators that are not there.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>All operators and constants that could be compressed, in the order of the model.</returns>
    /// <exception cref="QuantizeException">It is quantized already, holds nothing to compress, or weights are not finite.</exception>
    public static IReadOnlyList<CompressedOperator> Apply(
        MnnModel model, QuantConfig config, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation)
    {
        var compressor = new WeightCompressor(config, model);
        List<Op> all = [.. Graphs(model).SelectMany(ops => ops)];
        WarnOfUnknown(config, all, warnings);
        HashSet<Op> constants = [.. Graphs(model).SelectMany(ops => HalfConstants.Find(ops, config.Mode))];
        Op[] candidates = [.. all.Where(op => HasWeights(op) || constants.Contains(op))];
        var results = new CompressedOperator[candidates.Length];
        var failures = new QuantizeException?[candidates.Length];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, Math.Max(1, candidates.Length)), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < candidates.Length; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    results[i] = compressor.Compress(candidates[i]);
                }
                catch (QuantizeException e)
                {
                    failures[i] = e;
                }
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            throw first;
        }

        return results.Length > 0 ? results : throw Errors.NothingToCompress(model.Path);
    }

    private static IEnumerable<List<Op>> Graphs(MnnModel model) =>
        [model.Net.Oplists ?? [], .. (model.Net.Subgraphs ?? []).Select(graph => graph.Nodes ?? [])];

    private static void WarnOfUnknown(QuantConfig config, List<Op> all, ICollection<Diagnostic> warnings)
    {
        string[] names = [.. all.Select(op => op.Name ?? "").Where(name => name.Length > 0)];
        foreach (string name in config.SkipOps.Except(names))
        {
            warnings.Add(Warnings.SkippedOpUnknown(config.File, name, NearestName.Find(name, names)));
        }
    }

    private static bool HasWeights(Op op) => QuantizationPlan.IsConvolution(op.Type)
        && op is { InputIndexes.Length: 1, Main: Convolution2D { Common.OutputCount: > 0 } convolution }
        && (convolution.Weight is { Length: > 0 } || convolution.QuanParameter is not null);

    private CompressedOperator Compress(Op op) => op.Main is Blob blob
        ? Constant(op, blob)
        : Convolution(op, (Convolution2D)op.Main!);

    private CompressedOperator Constant(Op op, Blob blob)
    {
        float[] values = blob.Float32s!;
        if (_skipped.Contains(op.Name ?? ""))
        {
            return Kept(op, values, OperatorSkipped);
        }

        if (!FitsHalf(values))
        {
            return Kept(op, values, BeyondHalf);
        }

        float[] stored = HalfConstants.Store(blob, values);
        return Describe(op, values, stored, new(HalfBits, false, 0, default, ""), sizeof(ushort) * (long)values.Length);
    }

    private const string OperatorSkipped = "named in skip_quant_op_names";
    private const string BeyondHalf = "half floats end at 65,504";

    private CompressedOperator Convolution(Op op, Convolution2D convolution)
    {
        string name = op.Name ?? "";
        if (convolution.QuanParameter is { Type: 1 or 2 or 4, Buffer.Length: > 0 })
        {
            throw Errors.AlreadyQuantized(_model.Path, name);
        }

        float[] weights = WeightCodec.Dequantize(convolution, _model.Path, name);
        if (Array.Exists(weights, w => !float.IsFinite(w)))
        {
            throw Errors.WeightsNotFinite(_model.Path, name);
        }

        if (_skipped.Contains(name))
        {
            return Kept(op, weights, OperatorSkipped);
        }

        Convolution2DCommon common = convolution.Common!;
        int kernel = Math.Max(1, common.KernelX) * Math.Max(1, common.KernelY);
        if (weights.Length == 0 || weights.Length % ((long)common.OutputCount * kernel) != 0)
        {
            return Kept(op, weights, $"{weights.Length} weights are no multiple of {common.OutputCount} outputs times its kernel");
        }

        return _config.Mode == QuantizeMode.Fp16
            ? Halves(op, convolution, weights)
            : Levels(op, convolution, weights, WeightScheme.Of(_config, common.OutputCount, kernel, weights.Length));
    }

    private CompressedOperator Halves(Op op, Convolution2D convolution, float[] weights)
    {
        if (!FitsHalf(weights))
        {
            return Kept(op, weights, BeyondHalf);
        }

        Put(op, convolution, WeightCodec.EncodeHalves(weights), weights.Length);
        return Stored(op, convolution, weights, new WeightScheme(HalfBits, false, 0, default, ""));
    }

    private CompressedOperator Levels(Op op, Convolution2D convolution, float[] weights, WeightScheme scheme)
    {
        QuantizedRuns runs = RunQuantizer.Quantize(weights, scheme);
        IDSTQuan coded = WeightCodec.EncodeRuns(runs.Levels, runs.Scales, runs.Minima, scheme.Bits);
        long bytes = Bytes(coded);
        if (bytes >= sizeof(float) * (long)weights.Length)
        {
            return Kept(op, weights, $"levels and scales would take {bytes} bytes");
        }

        Put(op, convolution, coded, weights.Length);
        return Stored(op, convolution, weights, scheme);
    }

    private void Put(Op op, Convolution2D convolution, IDSTQuan coded, int weights)
    {
        convolution.QuanParameter = coded;
        convolution.Weight = null;
        convolution.External = null;
        op.ExternalPath = null;
        if (convolution.Common!.InputCount == 0)
        {
            convolution.Common.InputCount = ModelQuantizer.InputCount(op, convolution, weights);
        }
    }

    private CompressedOperator Stored(Op op, Convolution2D convolution, float[] weights, WeightScheme scheme) => Describe(
        op,
        weights,
        WeightCodec.Dequantize(convolution, _model.Path, op.Name ?? ""),
        scheme,
        Bytes(convolution.QuanParameter!));

    private static CompressedOperator Kept(Op op, float[] weights, string reason) =>
        Describe(op, weights, weights, new(FloatBits, false, 0, default, reason), sizeof(float) * (long)weights.Length);

    private static CompressedOperator Describe(Op op, float[] weights, float[] stored, WeightScheme scheme, long bytes)
    {
        (double signal, double noise) = (0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            double difference = weights[i] - (double)stored[i];
            signal += (double)weights[i] * weights[i];
            noise += difference * difference;
        }

        return new CompressedOperator(
            op.Name ?? "", op.Type.ToString(), scheme.Bits, scheme.IsAsymmetric, scheme.Runs, weights.Length,
            sizeof(float) * (long)weights.Length, bytes,
            noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise),
            scheme.Note);
    }

    private static bool FitsHalf(float[] values) => Array.TrueForAll(values, v => MathF.Abs(v) <= GreatestHalf);

    private static long Bytes(IDSTQuan coded) => (coded.Buffer?.Length ?? 0) + (sizeof(float) * (long)(coded.Alpha?.Length ?? 0));
}
