using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Runs the float model over the pictures, several at a time, and gathers statistics of its tensors. Workers take
/// pictures as they come free and add to the same statistics, which are counts and extremes, so that they don't depend on
/// who did what.
/// </summary>
/// <param name="graph">The float model.</param>
/// <param name="feeder">Fills the inputs.</param>
/// <param name="observed">By tensor id: whether statistics are wanted.</param>
/// <param name="cache">Knows samples of earlier runs; or null.</param>
/// <param name="signed">Whether statistics tell negative from positive values.</param>
/// <param name="countsLittle">Whether values of tensors with few positions are counted too; the cache needs them.</param>
/// <param name="pools">Has memory of other passes; or null.</param>
internal sealed class Calibrator(
    Graph graph,
    ISampleFeeder feeder,
    bool[] observed,
    CalibrationCache? cache = null,
    bool signed = false,
    bool countsLittle = true,
    TensorPools? pools = null)
{
    private readonly TensorPools _pools = pools ?? new TensorPools();

    private readonly TensorStatistic?[] _statistics =
        [.. observed.Select(o => o ? new TensorStatistic(signed, countsLittle || cache is not null) : null)];

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
            all[i] = new Worker(new InferenceSession(graph, _pools.Take()), feeder, observed, _statistics, cache, signed);
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
                    IReadOnlyList<TensorValue>? kept = all[worker].Run(files[i], i < outputs.Length, cancellation);
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

        Array.ForEach(all, worker => _pools.Give(worker.Session));
        int runs = all.Sum(worker => worker.Runs);
        if (runs > 0)
        {
            cache?.Trim();
        }

        return new CalibrationResult(_statistics, outputs, runs);
    }

    private sealed class Worker : IRunObserver
    {
        private readonly InferenceSession _session;
        private readonly ISampleFeeder _feeder;
        private readonly bool[] _observed;
        private readonly TensorStatistic?[] _statistics;
        private readonly CalibrationCache? _cache;
        private readonly SampleEntry? _entry;
        private string _file = "";

        public Worker(
            InferenceSession session,
            ISampleFeeder feeder,
            bool[] observed,
            TensorStatistic?[] statistics,
            CalibrationCache? cache,
            bool signed)
        {
            _session = session;
            _session.Runner.Observer = this;
            (_feeder, _observed, _statistics, _cache) = (feeder, observed, statistics, cache);
            _entry = cache is null ? null : new SampleEntry(signed);
        }

        public InferenceSession Session => _session;

        /// <summary>How often the model ran; the other samples were in the cache.</summary>
        public int Runs { get; private set; }

        public void AddConstants()
        {
            foreach ((int id, Tensor constant) in _session.Graph.Constants)
            {
                if (constant.Type == ElementType.Float32)
                {
                    _statistics[id]?.Add(constant);
                }
            }
        }

        public IReadOnlyList<TensorValue>? Run(string file, bool keepOutputs, CancellationToken cancellation)
        {
            if (_cache is null)
            {
                return RunModel(file, keepOutputs, cancellation);
            }

            string path = _cache.PathFor(file);
            if (CalibrationCache.TryRead(path) is { } known
                && SampleEntry.TryMerge(path, known, keepOutputs, _statistics, out SampleTraits? traits, out IReadOnlyList<TensorValue>? outputs))
            {
                _cache.Lint.Add(file, traits!);
                return outputs;
            }

            _entry!.Begin();
            outputs = RunModel(file, keepOutputs, cancellation);
            CalibrationCache.TryWrite(path, _entry.End(_observed, _cache.Lint.TraitsOf(file), outputs));
            return outputs;
        }

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            if (tensor.Type != ElementType.Float32 || _statistics[id] is not { } statistic)
            {
                return;
            }

            if (!(_entry is null ? statistic.Add(tensor) : _entry.Add(id, tensor, statistic)))
            {
                throw Errors.NotFinite(
                    _session.Graph.File, _session.Graph.TensorName(id), producer?.Name, Path.GetFileName(_file));
            }
        }

        private IReadOnlyList<TensorValue>? RunModel(string file, bool keepOutputs, CancellationToken cancellation)
        {
            Runs++;
            _file = file;
            _feeder.Feed(_session, file);
            _session.Runner.Run(cancellation);
            IReadOnlyList<TensorValue>? outputs = keepOutputs
                ? [.. _session.Graph.OutputIds.Select(_session.ReadOutput)]
                : null;
            _session.Runner.ReleaseAll();
            return outputs;
        }
    }
}

/// <summary>What calibration found.</summary>
/// <param name="Statistics">By tensor id; null where none were wanted.</param>
/// <param name="Outputs">The float model's outputs for the first pictures.</param>
/// <param name="Runs">How often the model ran; the other samples were in the cache.</param>
internal sealed record CalibrationResult(
    TensorStatistic?[] Statistics, IReadOnlyList<IReadOnlyList<TensorValue>> Outputs, int Runs);
