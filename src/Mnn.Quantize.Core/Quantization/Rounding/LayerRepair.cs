using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>What a convolution becomes.</summary>
/// <param name="Weights">Its weights, rounded.</param>
/// <param name="Bias">Its biases, corrected; null leaves them.</param>
internal sealed record RepairedLayer(RoundedWeights Weights, float[]? Bias);

/// <summary>
/// Repairs convolutions one after another, in the order in which they run: each one sees what those before it, already rounded,
/// make of the samples. Its weights are rounded for these inputs, and its biases make up for what is left of the mean error
/// (Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, section 4.2, with means of samples):
/// b' = b + W E[x] - W' E[x'], where ' marks what is rounded.
/// </summary>
internal sealed class LayerRepair
{
    /// <summary>Most samples.</summary>
    internal const int MostSamples = 64;

    private const int FewestSamples = 8;

    // What the runs of all samples may hold at once.
    private const long MostBytes = 192L << 20;

    private readonly MnnModel _model;
    private readonly QuantConfig _config;
    private readonly QuantParameters?[] _quant;
    private readonly int _workers;
    private readonly Graph _graph;
    private readonly Dictionary<int, RoundedWeights> _rounded = [];
    private readonly Dictionary<int, float[]> _weights = [];

    private LayerRepair(MnnModel model, Func<Op, bool> rounds, QuantConfig config, QuantParameters?[] quant, int workers)
    {
        (_model, _config, _quant, _workers) = (model, config, quant, workers);
        foreach (Op op in model.Net.Oplists!)
        {
            if (rounds(op) && op.Main is Convolution2D convolution)
            {
                RoundedWeights rounded = ModelQuantizer.RoundWeights(config, model, op, convolution);
                int id = op.OutputIndexes![0];
                (_rounded[id], _weights[id]) = (rounded, WeightCodec.Dequantize(convolution, model.Path, op.Name ?? ""));

                // Written over before the operator runs for the first time.
                (convolution.Weight, convolution.QuanParameter) = (rounded.ToFloat(), null);
                convolution.Bias = convolution.Bias is { Length: > 0 } bias ? [.. bias] : new float[convolution.Common!.OutputCount];
            }
        }

        _graph = Graph.Build(model);
    }

    /// <summary>Repairs a model's convolutions.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="model">The same to be changed.</param>
    /// <param name="rounds">Tells the convolutions whose weights are rounded.</param>
    /// <param name="config">Which repairs, and how weights are rounded.</param>
    /// <param name="quant">By tensor id: scale and zero point; null where it is not rounded.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples, of which some are taken.</param>
    /// <param name="workers">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told after each convolution; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By the id of the tensor that a convolution makes.</returns>
    /// <exception cref="QuantizeException">A sample or an operator failed.</exception>
    public static IReadOnlyDictionary<int, RepairedLayer> Run(
        Graph graph,
        MnnModel model,
        Func<Op, bool> rounds,
        QuantConfig config,
        QuantParameters?[] quant,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        // How many samples fit is known from the first: it must not depend on the machine.
        var first = new InferenceSession(graph);
        feeder.Feed(first, samples[0]);
        first.Runner.Run(cancellation);
        first.Runner.ReleaseAll();
        int most = (int)Math.Clamp(MostBytes / Math.Max(1, first.Pool.AllocatedBytes), FewestSamples, MostSamples);
        string[] few = [.. samples.Take(most)];
        var repair = new LayerRepair(model, rounds, config, quant, workers);
        Dictionary<int, float[][]> means = config.Repair.HasFlag(Repairs.BiasCorrection)
            ? FloatMeans.Find(graph, rounds, feeder, few, workers, cancellation)
            : [];
        return repair.Run(feeder, few, means, progress, cancellation);
    }

    private Dictionary<int, RepairedLayer> Run(
        ISampleFeeder feeder,
        string[] samples,
        Dictionary<int, float[][]> means,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var lanes = new LayerLanes(_graph, _quant, feeder, samples, _workers, cancellation);
        var result = new Dictionary<int, RepairedLayer>();
        for (int i = 0; i < _graph.Nodes.Length; i++)
        {
            Node node = _graph.Nodes[i];
            if (node.Op.Main is not Convolution2D convolution || node.Outputs.Length == 0
                || !_rounded.TryGetValue(node.Outputs[0], out RoundedWeights? rounded))
            {
                continue;
            }

            lanes.RunTo(i);
            cancellation.ThrowIfCancellationRequested();
            float[]? bias = Repair(
                node, convolution, rounded, lanes.Inputs(node.Inputs[0]), means.GetValueOrDefault(node.Outputs[0]), cancellation);
            result[node.Outputs[0]] = new RepairedLayer(rounded, bias);
            progress?.Report(new QuantizeProgress("repairing", result.Count, _rounded.Count));
        }

        lanes.Release();
        return result;
    }

    private float[]? Repair(
        Node node,
        Convolution2D convolution,
        RoundedWeights rounded,
        IReadOnlyList<Tensor> inputs,
        float[][]? means,
        CancellationToken cancellation)
    {
        float[] weights = _weights[node.Outputs[0]];
        LayerGeometry?[] geometries = [.. inputs.Select(i => LayerGeometry.Of(node.Op, i, weights.Length))];
        if (geometries[0] is not { } geometry || Array.Exists(geometries, g => g?.Channels != geometry.Channels))
        {
            return null;
        }

        var seen = new LayerInputs(geometry, inputs, _workers);
        if (_config.Repair.HasFlag(Repairs.Rounding))
        {
            LayerRounder.Apply(geometry, weights, rounded, _config.WeightLimit, seen, means is not null, _workers, cancellation);
            rounded.ToFloat().CopyTo(convolution.Weight!, 0);
        }

        if (means is null)
        {
            return null;
        }

        float[] shifts = BiasShift.Find(geometry, weights, convolution.Weight!, means, seen.Means());
        for (int o = 0; o < shifts.Length; o++)
        {
            convolution.Bias![o] += shifts[o];
        }

        return convolution.Bias;
    }
}
