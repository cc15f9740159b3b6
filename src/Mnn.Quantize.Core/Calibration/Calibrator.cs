using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Runs the float model over the pictures, several at a time, and gathers statistics of its tensors. Workers take
/// pictures as they come free; statistics are counts and extremes, so the sum over workers doesn't depend on who did
/// what.
/// </summary>
/// <param name="graph">The float model.</param>
/// <param name="feeder">Fills the inputs.</param>
/// <param name="observed">By tensor id: whether statistics are wanted.</param>
internal sealed class Calibrator(Graph graph, ISampleFeeder feeder, bool[] observed)
{
    /// <summary>Runs all pictures.</summary>
    /// <param name="files">The pictures.</param>
    /// <param name="keepOutputs">Outputs are kept for this many pictures from the start.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="QuantizeException">The first failure in the order of the pictures.</exception>
    public CalibrationResult Run(
        IReadOnlyList<string> files,
        int keepOutputs,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var outputs = new IReadOnlyList<TensorValue>[Math.Min(keepOutputs, files.Count)];
        var failures = new QuantizeException?[files.Count];
        int next = -1;
        int done = 0;
        bool failed = false;
        var all = new Worker[Math.Clamp(Math.Min(workers, files.Count), 1, 256)];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = new Worker(graph, observed);
        }

        all[0].AddConstants();
        ParallelWorkers.Run(all.Length, worker =>
        {
            // A picture once taken is also run: so of several failures the first in order is always among them.
            while (!cancellation.IsCancellationRequested && !Volatile.Read(ref failed))
            {
                int i = Interlocked.Increment(ref next);
                if (i >= files.Count)
                {
                    return;
                }

                try
                {
                    IReadOnlyList<TensorValue>? kept = all[worker].Run(feeder, files[i], i < outputs.Length, cancellation);
                    if (kept is not null)
                    {
                        outputs[i] = kept;
                    }
                }
                catch (QuantizeException e)
                {
                    failures[i] = e;
                    Volatile.Write(ref failed, true);
                }

                progress?.Report(new QuantizeProgress("calibrating", Interlocked.Increment(ref done), files.Count));
            }
        });
        cancellation.ThrowIfCancellationRequested();
        if (Array.Find(failures, f => f is not null) is { } failure)
        {
            throw failure;
        }

        for (int i = 1; i < all.Length; i++)
        {
            all[0].Merge(all[i]);
        }

        return new CalibrationResult(all[0].Statistics, outputs);
    }

    private sealed class Worker : IRunObserver
    {
        private readonly InferenceSession _session;
        private string _file = "";

        public Worker(Graph graph, bool[] observed)
        {
            _session = new InferenceSession(graph);
            _session.Runner.Observer = this;
            Statistics = [.. observed.Select(o => o ? new TensorStatistic() : null)];
        }

        public TensorStatistic?[] Statistics { get; }

        public void AddConstants()
        {
            foreach ((int id, Tensor constant) in _session.Graph.Constants)
            {
                if (constant.Type == ElementType.Float32)
                {
                    Statistics[id]?.Add(constant);
                }
            }
        }

        public IReadOnlyList<TensorValue>? Run(
            ISampleFeeder feeder, string file, bool keepOutputs, CancellationToken cancellation)
        {
            _file = file;
            feeder.Feed(_session, file);
            _session.Runner.Run(cancellation);
            IReadOnlyList<TensorValue>? outputs = keepOutputs
                ? [.. _session.Graph.OutputIds.Select(_session.ReadOutput)]
                : null;
            _session.Runner.ReleaseAll();
            return outputs;
        }

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            if (tensor.Type != ElementType.Float32 || Statistics[id] is not { } statistic)
            {
                return;
            }

            statistic.Add(tensor);
            if (statistic.Histogram.HasNonFinite)
            {
                throw Errors.NotFinite(
                    _session.Graph.File, _session.Graph.TensorName(id), producer?.Name, Path.GetFileName(_file));
            }
        }

        public void Merge(Worker other)
        {
            for (int i = 0; i < Statistics.Length; i++)
            {
                if (other.Statistics[i] is { } theirs)
                {
                    Statistics[i]!.Merge(theirs);
                }
            }
        }
    }
}

/// <summary>What calibration found.</summary>
/// <param name="Statistics">By tensor id; null where none were wanted.</param>
/// <param name="Outputs">The float model's outputs for the first pictures.</param>
internal sealed record CalibrationResult(
    TensorStatistic?[] Statistics, IReadOnlyList<IReadOnlyList<TensorValue>> Outputs);
