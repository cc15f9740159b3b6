using System.Runtime.ExceptionServices;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Calibration;

/// <summary>One thread's share of a batch: the runs of a few pictures, which keep pace.</summary>
internal sealed class EmaWorker : IRunObserver
{
    private readonly ISampleFeeder _feeder;
    private readonly bool[] _observed;
    private readonly int _firstPicture;
    private readonly InferenceSession[] _sessions;
    private string[] _pictures = [];
    private int _current;

    /// <summary>Makes the sessions.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="observed">By tensor id: whether its range is wanted.</param>
    /// <param name="firstPicture">Place in the batch of its first picture.</param>
    /// <param name="count">Number of its pictures.</param>
    public EmaWorker(Graph graph, ISampleFeeder feeder, bool[] observed, int firstPicture, int count)
    {
        (_feeder, _observed, _firstPicture) = (feeder, observed, firstPicture);
        var pool = new TensorPool();
        _sessions = new InferenceSession[count];
        for (int i = 0; i < count; i++)
        {
            _sessions[i] = new InferenceSession(graph, pool);
            _sessions[i].Runner.Observer = this;
        }

        Low = new float[observed.Length];
        High = new float[observed.Length];
    }

    /// <summary>By tensor id: smallest value in this batch so far; +infinity if there is none.</summary>
    public float[] Low { get; }

    /// <summary>By tensor id: greatest value in this batch so far; -infinity if there is none.</summary>
    public float[] High { get; }

    /// <summary>What ended this worker's part.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Runs something and keeps its failure, so that the other workers are not left waiting.</summary>
    public void Guarded(Action action)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception e)
        {
            // Thrown again by the calibrator, once all workers have met.
            Failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>Feeds this worker's pictures of a batch.</summary>
    public void Start(string[] pictures, CancellationToken cancellation)
    {
        _pictures = pictures;
        Array.Fill(Low, float.PositiveInfinity);
        Array.Fill(High, float.NegativeInfinity);
        for (_current = 0; _current < _sessions.Length; _current++)
        {
            _feeder.Feed(_sessions[_current], pictures[_firstPicture + _current]);
            _sessions[_current].Runner.Start(cancellation);
        }
    }

    /// <summary>Runs a segment's nodes on all its pictures.</summary>
    public void Run(EmaSegment segment)
    {
        for (_current = 0; _current < _sessions.Length; _current++)
        {
            for (int node = segment.First; node < segment.End; node++)
            {
                _sessions[_current].Runner.Step(node);
            }
        }
    }

    /// <summary>Rounds the segment's tensors that have parameters, unless nobody reads them any more.</summary>
    public void Round(EmaSegment segment, QuantParameters?[] quant)
    {
        foreach (int id in segment.Tensors)
        {
            if (quant[id] is not { } levels)
            {
                continue;
            }

            foreach (InferenceSession session in _sessions)
            {
                Tensor tensor = session.Runner.TensorOf(id);
                if (tensor.HasData)
                {
                    FakeQuantize.Run(tensor.Floats, levels.Scale, levels.ZeroPoint, levels.Min, levels.Max);
                }
            }
        }
    }

    /// <summary>Frees the batch's memory.</summary>
    public void Release()
    {
        foreach (InferenceSession session in _sessions)
        {
            session.Runner.ReleaseAll();
        }
    }

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        if (!_observed[id] || tensor.Type != ElementType.Float32 || tensor.Count == 0)
        {
            return;
        }

        (float low, float high, bool finite) = MagnitudeHistogram.Range(tensor.Floats);
        if (!finite)
        {
            Graph graph = _sessions[_current].Graph;
            string picture = Path.GetFileName(_pictures[_firstPicture + _current]);
            throw Errors.NotFinite(graph.File, graph.TensorName(id), producer?.Name, picture);
        }

        Low[id] = MathF.Min(Low[id], low);
        High[id] = MathF.Max(High[id], high);
    }
}
