using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>Runs of a model on several samples that keep pace, with tensors rounded to their levels as they come to be.</summary>
internal sealed class LayerLanes
{
    private readonly Graph _graph;
    private readonly QuantParameters?[] _quant;
    private readonly InferenceSession[] _sessions;
    private readonly int _workers;
    private int _next;

    /// <summary>Feeds the samples.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="quant">By tensor id: scale and zero point; null where it is not rounded.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends the runs.</param>
    /// <exception cref="QuantizeException">A sample failed.</exception>
    public LayerLanes(
        Graph graph, QuantParameters?[] quant, ISampleFeeder feeder, string[] samples, int workers, CancellationToken cancellation)
    {
        (_graph, _quant, _workers) = (graph, quant, Math.Clamp(workers, 1, samples.Length));
        _sessions = new InferenceSession[samples.Length];
        ParallelWorkers.Run(_workers, worker =>
        {
            var pool = new TensorPool();
            for (int i = worker; i < _sessions.Length; i += _workers)
            {
                _sessions[i] = new InferenceSession(graph, pool);
                feeder.Feed(_sessions[i], samples[i]);
                _sessions[i].Runner.Start(cancellation);
                foreach (GraphInput input in graph.Inputs)
                {
                    Round(_sessions[i], input.Id);
                }
            }
        });
    }

    /// <summary>Runs all nodes before one.</summary>
    /// <param name="node">Its index in the graph; not before that of an earlier call.</param>
    /// <exception cref="QuantizeException">An operator failed.</exception>
    public void RunTo(int node)
    {
        int first = _next;
        ParallelWorkers.Run(_workers, worker =>
        {
            for (int i = worker; i < _sessions.Length; i += _workers)
            {
                for (int step = first; step < node; step++)
                {
                    _sessions[i].Runner.Step(step);
                    foreach (int id in _graph.Nodes[step].Outputs)
                    {
                        Round(_sessions[i], id);
                    }
                }
            }
        });
        _next = node;
    }

    /// <summary>A tensor in each run, as it is now.</summary>
    public Tensor[] Inputs(int id) => Array.ConvertAll(_sessions, s => s.Runner.TensorOf(id));

    /// <summary>Frees the memory.</summary>
    public void Release()
    {
        foreach (InferenceSession session in _sessions)
        {
            session.Runner.ReleaseAll();
        }
    }

    private void Round(InferenceSession session, int id)
    {
        Tensor tensor = session.Runner.TensorOf(id);
        if (_quant[id] is { } levels && tensor is { HasData: true, Type: ElementType.Float32, Count: > 0 }
            && !_graph.Constants.ContainsKey(id))
        {
            FakeQuantize.Run(tensor.Floats, levels.Scale, levels.ZeroPoint, levels.Min, levels.Max);
        }
    }
}
