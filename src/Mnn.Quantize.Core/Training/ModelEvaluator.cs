using System.Collections.Concurrent;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training;

/// <summary>Runs a finished model on batches, shared out among threads.</summary>
/// <param name="graph">The model.</param>
/// <param name="team">The threads.</param>
internal sealed class ModelEvaluator(Graph graph, WorkTeam team)
{
    private const int SamplesARun = 16;

    private readonly ConcurrentBag<InferenceSession> _sessions = [];

    /// <summary>The outputs, row-major, for a whole batch.</summary>
    /// <param name="inputs">One value an input, the batch in dimension 0.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="takesSeveral">Whether the model takes several at once.</param>
    public IReadOnlyList<TensorValue> Run(IReadOnlyList<TensorValue> inputs, int samples, bool takesSeveral)
    {
        int size = takesSeveral ? SamplesARun : 1;
        var parts = new IReadOnlyList<TensorValue>[(samples + size - 1) / size];
        team.Run(parts.Length, i =>
        {
            InferenceSession session = _sessions.TryTake(out InferenceSession? idle) ? idle : new InferenceSession(graph);
            int first = i * size;
            parts[i] = session.Run([.. inputs.Select(v => BatchSlice.Of(v, first, Math.Min(size, samples - first)))]);
            _sessions.Add(session);
        });
        return [.. Enumerable.Range(0, graph.OutputIds.Length).Select(o => BatchSlice.Join([.. parts.Select(p => p[o])]))];
    }
}
