using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Candidates;

/// <summary>A model's outputs for samples, several at a time.</summary>
internal static class SampleOutputs
{
    /// <summary>Runs a model over samples.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="pools">Has memory of other passes.</param>
    /// <param name="progress">Told after each sample; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>A list of outputs a sample, in the order of the samples.</returns>
    /// <exception cref="QuantizeException">The first failure in the order of the samples.</exception>
    public static IReadOnlyList<TensorValue>[] Run(
        Graph graph,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        int workers,
        TensorPools pools,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var outputs = new IReadOnlyList<TensorValue>[samples.Count];
        var failures = new QuantizeException?[samples.Count];
        (int next, int done, bool failed) = (-1, 0, false);
        ParallelWorkers.Run(Math.Clamp(workers, 1, Math.Max(1, samples.Count)), _ =>
        {
            var session = new InferenceSession(graph, pools.Take());
            while (!Volatile.Read(ref failed))
            {
                cancellation.ThrowIfCancellationRequested();
                int i = Interlocked.Increment(ref next);
                if (i >= samples.Count)
                {
                    pools.Give(session);
                    return;
                }

                try
                {
                    feeder.Feed(session, samples[i]);
                    session.Runner.Run(cancellation);
                    outputs[i] = [.. graph.OutputIds.Select(session.ReadOutput)];
                    session.Runner.ReleaseAll();
                }
                catch (QuantizeException e)
                {
                    failures[i] = e;
                    Volatile.Write(ref failed, true);
                }

                progress?.Report(new QuantizeProgress("comparing", Interlocked.Increment(ref done), samples.Count));
            }
        });
        return Array.Find(failures, f => f is not null) is { } failure ? throw failure : outputs;
    }
}
