using System.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>Takes the times of a graph's operators, without the time that looking at their tensors takes.</summary>
/// <param name="graph">The graph that is run.</param>
/// <param name="look">Called with each tensor that an operator makes.</param>
internal sealed class NodeTimer(Graph graph, Action<int, Tensor, Node> look) : IRunObserver
{
    private readonly TimeSpan[] _times = new TimeSpan[graph.Nodes.Length];
    private TimeSpan _looking;
    private int _node;

    /// <summary>Milliseconds of each operator in all runs together.</summary>
    public double[] Milliseconds => Array.ConvertAll(_times, t => t.TotalMilliseconds);

    /// <summary>Time of the operators in the run that is going on, or was the last.</summary>
    public TimeSpan Run { get; private set; }

    /// <summary>Must be called before each run.</summary>
    public void Start() => (_node, Run) = (0, TimeSpan.Zero);

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        if (producer is not null)
        {
            long start = Stopwatch.GetTimestamp();
            look(id, tensor, producer);
            _looking += Stopwatch.GetElapsedTime(start);
        }
    }

    /// <inheritdoc/>
    public void OnNode(Node node, TimeSpan elapsed)
    {
        TimeSpan own = elapsed > _looking ? elapsed - _looking : TimeSpan.Zero;
        _times[_node++] += own;
        Run += own;
        _looking = TimeSpan.Zero;
    }
}
