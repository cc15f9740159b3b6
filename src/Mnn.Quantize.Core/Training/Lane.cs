using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training;

/// <summary>
/// A fixed share of a batch. One thread works on a lane at a time, from its first sample to its last; what lanes sum up
/// is added in their order. So no result depends on the number of threads.
/// </summary>
internal sealed class Lane
{
    // Fewer samples a lane make small matrix products, more leave threads idle.
    private const int UsualSamples = 16;
    private const int MostLanes = 8;
    private const int UsualLanes = 4;

    private readonly Graph _graph;
    private readonly TensorPool _pool = new();
    private readonly List<TrainingRun> _runs = [];

    private Lane(Graph graph, int index)
    {
        _graph = graph;
        Index = index;
    }

    /// <summary>Number of the lane.</summary>
    public int Index { get; }

    /// <summary>The runs of this batch.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; private set; } = [];

    /// <summary>Samples of a lane.</summary>
    /// <param name="batch">Samples of the batch.</param>
    public static int SamplesFor(int batch) =>
        Math.Max((batch + MostLanes - 1) / MostLanes, Math.Min(UsualSamples, (batch + UsualLanes - 1) / UsualLanes));

    /// <summary>Makes or reuses the lanes of a batch.</summary>
    /// <param name="lanes">Lanes made so far; more are added.</param>
    /// <param name="graph">The model.</param>
    /// <param name="batch">Samples of the batch.</param>
    /// <param name="perRun">Samples a run at most.</param>
    /// <param name="inputs">The whole batch.</param>
    /// <returns>The lanes in use.</returns>
    public static List<Lane> Divide(
        List<Lane> lanes, Graph graph, int batch, int perRun, IReadOnlyList<TensorValue> inputs)
    {
        int samples = SamplesFor(batch);
        int count = (batch + samples - 1) / samples;
        while (lanes.Count < count)
        {
            lanes.Add(new Lane(graph, lanes.Count));
        }

        for (int i = 0; i < count; i++)
        {
            lanes[i].Prepare(i * samples, Math.Min(batch, (i + 1) * samples), perRun, inputs);
        }

        return lanes[..count];
    }

    private void Prepare(int first, int end, int perRun, IReadOnlyList<TensorValue> inputs)
    {
        int count = (end - first + perRun - 1) / perRun;
        while (_runs.Count < count)
        {
            _runs.Add(new TrainingRun(_graph, _pool, Index));
        }

        foreach (TrainingRun run in _runs)
        {
            run.Release();
        }

        Runs = _runs[..count];
        for (int i = 0; i < count; i++)
        {
            int from = first + (i * perRun), to = Math.Min(end, from + perRun);
            Runs[i].Start([.. inputs.Select(v => BatchSlice.Of(v, from, to - from))], from);
        }
    }
}
