using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Follows the ranges of tensors over batches of pictures, as the reference's EMA method does: what the convolutions read
/// and make is rounded to the levels of the batch's own range, so that later ranges are those of the int8 model.
/// </summary>
/// <remarks>
/// A batch is not one tensor here but as many runs that keep pace: each does the same operators, then the range of a
/// tensor over all of them is known, then they go on. So a model with a fixed batch of 1 will do, and threads share a
/// batch without changing its result: ranges are extremes, which don't depend on the order.
/// </remarks>
/// <param name="graph">The float model, with its weights already rounded to their levels.</param>
/// <param name="feeder">Fills the inputs.</param>
/// <param name="observed">By tensor id: whether its range is wanted.</param>
/// <param name="rounded">By tensor id: whether it is rounded; such a tensor is observed too.</param>
/// <param name="clamp">Greatest level, 1 to 127.</param>
internal sealed class EmaCalibrator(Graph graph, ISampleFeeder feeder, bool[] observed, bool[] rounded, int clamp)
{
    /// <summary>Runs the batches; pictures that don't fill one are left out, unless there would be none.</summary>
    /// <param name="files">The pictures.</param>
    /// <param name="batchSize">Pictures a batch, at least 1.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By tensor id: the range; without data where none was wanted.</returns>
    /// <exception cref="QuantizeException">A picture or an operator failed.</exception>
    public RunningRange[] Run(
        IReadOnlyList<string> files,
        int batchSize,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        int size = Math.Min(batchSize, files.Count);
        int batches = files.Count / size;
        var ranges = new RunningRange[graph.TensorCount];
        RunningRange.AddConstants(ranges, graph, observed, clamp);
        List<EmaSegment> segments = EmaSegment.Divide(graph, observed, rounded);

        // Threads share a batch; where there are more of them than pictures in it, several batches run at once.
        workers = Math.Clamp(workers, 1, 256);
        var lanes = new EmaWorker[Math.Clamp(workers / size, 1, batches)][];
        for (int i = 0; i < lanes.Length; i++)
        {
            lanes[i] = MakeWorkers(Math.Clamp(workers / lanes.Length, 1, size), size);
        }

        for (int batch = 0; batch < batches; batch += lanes.Length)
        {
            int first = batch;
            int count = Math.Min(lanes.Length, batches - batch);
            var found = new (float Low, float High)[count][];
            ParallelWorkers.Run(count, lane => found[lane] = RunBatch(
                lanes[lane], segments, [.. files.Skip((first + lane) * size).Take(size)], cancellation));
            foreach ((float Low, float High)[] batchRanges in found)
            {
                Add(ranges, batchRanges);
            }

            progress?.Report(new QuantizeProgress("calibrating", (batch + count) * size, batches * size));
        }

        return ranges;
    }

    private EmaWorker[] MakeWorkers(int count, int pictures)
    {
        var workers = new EmaWorker[count];
        for (int i = 0; i < count; i++)
        {
            (int first, int end) = ((int)((long)pictures * i / count), (int)((long)pictures * (i + 1) / count));
            workers[i] = new EmaWorker(graph, feeder, observed, first, end - first);
        }

        return workers;
    }

    private void Add(RunningRange[] ranges, (float Low, float High)[] batch)
    {
        for (int id = 0; id < ranges.Length; id++)
        {
            if (batch[id].Low <= batch[id].High)
            {
                ranges[id].Add(batch[id].Low, batch[id].High, clamp);
            }
        }
    }

    // After each segment all workers meet; one of them, whichever, merges the ranges while the others wait.
    private (float Low, float High)[] RunBatch(
        EmaWorker[] workers, List<EmaSegment> segments, string[] pictures, CancellationToken cancellation)
    {
        var found = new (float Low, float High)[graph.TensorCount];
        Array.Fill(found, (float.PositiveInfinity, float.NegativeInfinity));
        var quant = new QuantParameters?[graph.TensorCount];
        int next = 0;
        bool stop = false;
        using var barrier = new Barrier(workers.Length, _ =>
        {
            stop = Array.Exists(workers, w => w.Failure is not null);
            foreach (int id in segments[next++].Tensors)
            {
                found[id] = (workers.Min(w => w.Low[id]), workers.Max(w => w.High[id]));
                quant[id] = rounded[id] && found[id].Low <= found[id].High
                    ? RunningRange.Quantize(found[id].Low, found[id].High, clamp)
                    : null;
            }
        });
        ParallelWorkers.Run(workers.Length, index =>
        {
            EmaWorker worker = workers[index];
            worker.Guarded(() => worker.Start(pictures, cancellation));
            foreach (EmaSegment segment in segments)
            {
                worker.Guarded(() => worker.Run(segment));
                barrier.SignalAndWait(CancellationToken.None);
                if (stop)
                {
                    return;
                }

                worker.Guarded(() => worker.Round(segment, quant));
            }

            worker.Release();
        });
        Array.Find(workers, w => w.Failure is not null)?.Failure!.Throw();
        return found;
    }
}

/// <summary>Operators between two points at which the runs of a batch wait for each other.</summary>
/// <param name="First">Index of the first node.</param>
/// <param name="End">Index behind the last node.</param>
/// <param name="Tensors">Observed tensors that come to be; those to be rounded are the last node's.</param>
internal sealed record EmaSegment(int First, int End, int[] Tensors)
{
    /// <summary>Divides a graph behind each node that makes a tensor to be rounded; the inputs come first.</summary>
    public static List<EmaSegment> Divide(Graph graph, bool[] observed, bool[] rounded)
    {
        var segments = new List<EmaSegment> { new(0, 0, [.. graph.Inputs.Select(i => i.Id).Where(id => observed[id])]) };
        var tensors = new List<int>();
        int first = 0;
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            tensors.AddRange(graph.Nodes[i].Outputs.Where(id => observed[id]));
            if (i == graph.Nodes.Length - 1 || Array.Exists(graph.Nodes[i].Outputs, id => rounded[id]))
            {
                segments.Add(new EmaSegment(first, i + 1, [.. tensors]));
                tensors.Clear();
                first = i + 1;
            }
        }

        return segments;
    }
}
