using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>What convolutions of the float model see in the mean, sample by sample.</summary>
internal sealed class FloatMeans : IRunObserver
{
    private readonly ILookup<int, (Op Op, int Weights)> _readers;
    private readonly Dictionary<int, float[]> _means = [];
    private readonly int _sample;

    private FloatMeans(ILookup<int, (Op Op, int Weights)> readers, int sample) => (_readers, _sample) = (readers, sample);

    /// <summary>Runs the float model.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="rounds">Tells the convolutions that are looked at.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By the id of the tensor that a convolution makes: [samples][T, channels], as in <see cref="LayerInputs.Means()"/>.</returns>
    /// <exception cref="Diagnostics.QuantizeException">A sample or an operator failed.</exception>
    public static Dictionary<int, float[][]> Find(
        Graph graph,
        Func<Op, bool> rounds,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        int workers,
        CancellationToken cancellation)
    {
        ILookup<int, (Op Op, int Weights)> readers = graph.Nodes.Where(n => rounds(n.Op)).ToLookup(
            n => n.Inputs[0],
            n => (n.Op, WeightCodec.Dequantize((Convolution2D)n.Op.Main!, graph.File, n.Name).Length));
        var each = new Dictionary<int, float[]>[samples.Count];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, samples.Count), _ =>
        {
            var session = new InferenceSession(graph);
            for (int i = Interlocked.Increment(ref next); i < each.Length; i = Interlocked.Increment(ref next))
            {
                var watch = new FloatMeans(readers, i);
                session.Runner.Observer = watch;
                feeder.Feed(session, samples[i]);
                session.Runner.Run(cancellation);
                session.Runner.ReleaseAll();
                each[i] = watch._means;
            }
        });
        return each[0].Keys.Where(id => each.All(e => e.TryGetValue(id, out float[]? m) && m.Length == each[0][id].Length))
            .ToDictionary(id => id, id => Array.ConvertAll(each, e => e[id]));
    }

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        foreach ((Op op, int weights) in _readers[id])
        {
            if (LayerGeometry.Of(op, tensor, weights) is { } geometry)
            {
                _means[op.OutputIndexes![0]] = LayerInputs.Means(geometry, tensor, _sample);
            }
        }
    }
}
