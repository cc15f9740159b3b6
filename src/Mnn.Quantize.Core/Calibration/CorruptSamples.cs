using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>Finds the samples that can't be read before anything uses them, so that all later steps see good ones only.</summary>
internal static class CorruptSamples
{
    /// <summary>Leaves corrupt samples out, if the config says so; else reads nothing, and the run meets them.</summary>
    /// <param name="config">Tells what to do.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="feeder">Knows how to read them.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">Told of each sample that is left out.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The good samples, in their order.</returns>
    /// <exception cref="QuantizeException">No good one is left: the first one's error.</exception>
    public static IReadOnlyList<string> LeaveOut(
        QuantConfig config,
        IReadOnlyList<string> samples,
        ISampleFeeder feeder,
        int workers,
        ICollection<Diagnostic> warnings,
        CancellationToken cancellation)
    {
        if (config.OnCorrupt == CorruptData.Error)
        {
            return samples;
        }

        var failures = new QuantizeException?[samples.Count];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, samples.Count), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < samples.Count; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    feeder.Check(samples[i]);
                }
                catch (QuantizeException e)
                {
                    failures[i] = e;
                }
            }
        });

        string[] good = [.. samples.Where((_, i) => failures[i] is null)];
        if (good.Length == 0)
        {
            throw failures[0]!;
        }

        foreach (QuantizeException failure in failures.OfType<QuantizeException>())
        {
            Diagnostic found = failure.Diagnostic;
            warnings.Add(Warnings.CorruptLeftOut(found.File ?? config.File, found.Line, found.CodeText, found.Message));
        }

        return good;
    }
}
