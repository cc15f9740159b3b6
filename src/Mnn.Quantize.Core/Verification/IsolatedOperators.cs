using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Verification;

/// <summary>
/// What each operator of an int8 model does to the outputs if it alone is quantized: its inputs and its output rounded,
/// its weights too, all others float.
/// </summary>
/// <remarks>
/// The float model runs once a sample and all its tensors are kept. For each operator only what its output reaches is run
/// again: half of the model on average.
/// </remarks>
internal sealed class IsolatedOperators
{
    private readonly Graph _floats;
    private readonly Graph _int8s;
    private readonly int[] _measured;
    private readonly int[][] _reached;

    /// <summary>Finds the operators that are quantized and what they reach.</summary>
    /// <param name="floats">The float model.</param>
    /// <param name="int8s">The int8 model that was made of it: the same operators in the same order.</param>
    public IsolatedOperators(Graph floats, Graph int8s)
    {
        if (floats.Nodes.Length != int8s.Nodes.Length || floats.TensorCount != int8s.TensorCount)
        {
            throw new ArgumentException("The int8 model has other operators than the float model.", nameof(int8s));
        }

        (_floats, _int8s) = (floats, int8s);
        _measured = [.. Enumerable.Range(0, int8s.Nodes.Length).Where(i => IsQuantized(floats.Nodes[i], int8s.Nodes[i]))];
        _reached = [.. _measured.Select(Reached)];
    }

    /// <summary>The quantized operators, in the order in which they run.</summary>
    public IEnumerable<Node> Measured => _measured.Select(i => _int8s.Nodes[i]);

    /// <summary>Measures.</summary>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples, at least one.</param>
    /// <param name="workers">Threads. The result does not depend on them.</param>
    /// <param name="progress">Told after each operator of each sample; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>For each of <see cref="Measured"/>: the error of each output over all samples.</returns>
    /// <exception cref="Diagnostics.QuantizeException">A sample or an operator failed.</exception>
    public ErrorTotals[][] Measure(
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        ErrorTotals[][] totals = [.. _measured.Select(_ => _floats.OutputIds.Select(_ => new ErrorTotals()).ToArray())];
        var inOrder = new InOrder<ErrorSums[][]>(sums => Add(sums, totals));
        (int next, int done) = (-1, 0);
        ParallelWorkers.Run(Math.Clamp(workers, 1, samples.Count), _ =>
        {
            var worker = new Worker(this, () => progress?.Report(
                new QuantizeProgress("isolating operators", Interlocked.Increment(ref done), samples.Count * _measured.Length)));
            for (int i = Interlocked.Increment(ref next); i < samples.Count; i = Interlocked.Increment(ref next))
            {
                inOrder.Add(i, worker.Run(session => feeder.Feed(session, samples[i]), cancellation));
            }
        });
        return totals;
    }

    private static void Add(ErrorSums[][] sums, ErrorTotals[][] totals)
    {
        for (int k = 0; k < sums.Length; k++)
        {
            for (int output = 0; output < sums[k].Length; output++)
            {
                totals[k][output].Add(sums[k][output]);
            }
        }
    }

    // What only moves elements rounds nothing that its neighbours don't.
    private static bool IsQuantized(Node real, Node node) => node.RunsInt8
        ? !Moves.IsMove(node)
        : QuantizationPlan.IsConvolution(node.Op.Type)
            && node.Op.Main is Model.Schema.Convolution2D { QuanParameter: not null }
            && real.Op.Main is Model.Schema.Convolution2D { QuanParameter: null };

    private int[] Reached(int index)
    {
        var changed = new HashSet<int>(_floats.Nodes[index].Outputs);
        var reached = new List<int>();
        for (int i = index + 1; i < _floats.Nodes.Length; i++)
        {
            if (Array.Exists(_floats.Nodes[i].Inputs, changed.Contains))
            {
                reached.Add(i);
                changed.UnionWith(_floats.Nodes[i].Outputs);
            }
        }

        return [.. reached];
    }

    // One thread's sessions of both models, with one pool of memory.
    private sealed class Worker : IRunObserver
    {
        private readonly IsolatedOperators _all;
        private readonly Action _done;
        private readonly InferenceSession _floats;
        private readonly InferenceSession _int8s;
        private readonly Tensor?[] _kept;

        public Worker(IsolatedOperators all, Action done)
        {
            (_all, _done) = (all, done);
            _floats = new InferenceSession(all._floats);
            _int8s = new InferenceSession(all._int8s, _floats.Pool);
            _kept = new Tensor?[all._floats.TensorCount];
        }

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            Tensor kept = _kept[id] ??= new Tensor();
            kept.DescribeAs(tensor, tensor.Type, tensor.IsChannelsLast);
            kept.Sequence = tensor.Sequence;
            kept.ShareBuffer(tensor);
        }

        public ErrorSums[][] Run(Action<InferenceSession> feed, CancellationToken cancellation)
        {
            feed(_floats);
            _floats.Runner.Observer = this;
            _floats.Runner.Run(cancellation);
            _floats.Runner.Observer = null;
            TensorValue[] expected = [.. _all._floats.OutputIds.Select(_floats.ReadOutput)];
            _floats.Runner.ReleaseAll();
            var sums = new ErrorSums[_all._measured.Length][];
            for (int k = 0; k < sums.Length; k++)
            {
                RunAlone(_all._measured[k], _all._reached[k], cancellation);
                sums[k] = [.. expected.Select((value, i) => ErrorSums.Of(value, _floats.ReadOutput(_all._floats.OutputIds[i])))];
                _floats.Runner.ReleaseAll();
                _done();
            }

            foreach (Tensor? tensor in _kept)
            {
                tensor?.SetBuffer(null);
            }

            return sums;
        }

        private void RunAlone(int index, int[] reached, CancellationToken cancellation)
        {
            _int8s.Runner.Start(cancellation);
            Node node = _all._int8s.Nodes[index];
            foreach (int id in node.Inputs.Where(id => id >= 0 && _kept[id] is { HasData: true }))
            {
                _int8s.Runner.Provide(id, _kept[id]!);
            }

            _int8s.Runner.Step(index);
            _floats.Runner.Start(cancellation);
            for (int id = 0; id < _kept.Length; id++)
            {
                if (_kept[id] is { HasData: true } kept)
                {
                    _floats.Runner.Provide(id, kept);
                }
            }

            foreach (int id in node.Outputs)
            {
                _floats.Runner.Provide(id, _int8s.Runner.TensorOf(id));
            }

            _int8s.Runner.ReleaseAll();
            foreach (int i in reached)
            {
                _floats.Runner.Step(i);
            }
        }
    }
}
