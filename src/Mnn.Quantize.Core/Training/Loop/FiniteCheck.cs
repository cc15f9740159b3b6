using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Loop;

/// <summary>Runs the float model over examples, one by one, to find where values first are not finite.</summary>
internal sealed class FiniteCheck : IRunObserver
{
    private readonly Graph _graph;
    private string _example = "";

    private FiniteCheck(Graph graph) => _graph = graph;

    /// <summary>Looks at every tensor of every example.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="examples">The examples, looked at in the order of their numbers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QuantizeException">A tensor has a NaN or an infinity: operator, tensor and example are named.</exception>
    public static void Run(Graph graph, ExampleRange examples, CancellationToken cancellation)
    {
        var check = new FiniteCheck(graph);
        var session = new InferenceSession(graph);
        session.Runner.Observer = check;
        foreach (int index in examples.Indices.Order())
        {
            cancellation.ThrowIfCancellationRequested();
            check._example = examples.Set.NameOf(index);
            session.Run(examples.Set.Read([index], null));
        }
    }

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        if (tensor.Type == ElementType.Float32 && tensor.HasData && !MagnitudeHistogram.Range(tensor.Floats).Finite)
        {
            throw Errors.NotFinite(_graph.File, _graph.TensorName(id), producer?.Name, _example);
        }
    }
}
