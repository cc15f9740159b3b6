using System.Collections.Concurrent;

namespace Mnn.Quantize.Inference;

/// <summary>Memory that goes from the sessions of one pass over samples to those of the next.</summary>
internal sealed class TensorPools
{
    private readonly ConcurrentBag<TensorPool> _idle = [];

    /// <summary>A pool for one session, whose blocks an earlier session may have used.</summary>
    public TensorPool Take() => _idle.TryTake(out TensorPool? pool) ? pool : new TensorPool();

    /// <summary>Leaves a session's pool to others; the session is not used any more.</summary>
    public void Give(InferenceSession session)
    {
        session.Runner.ReleaseAll();
        _idle.Add(session.Pool);
    }
}
