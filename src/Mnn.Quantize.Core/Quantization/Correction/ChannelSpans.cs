using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>The values of each channel of a tensor over samples.</summary>
internal sealed class ChannelSpan
{
    /// <summary>[channels]: smallest values.</summary>
    public required float[] Low { get; init; }

    /// <summary>[channels]: greatest values.</summary>
    public required float[] High { get; init; }

    /// <summary>[channels]: sums of squares.</summary>
    public required double[] Squares { get; init; }

    /// <summary>Values a channel.</summary>
    public long Count { get; private set; }

    /// <summary>Reads a float tensor whose channels are dimension 1, or the last one if it is NHWC.</summary>
    public static ChannelSpan Of(Tensor tensor)
    {
        bool nhwc = tensor.Format == MNN_DATA_FORMAT.NHWC;
        int channels = nhwc ? tensor.Shape[^1] : tensor.Shape[1];
        int inner = nhwc || tensor.IsChannelsLast ? 1 : tensor.Count / (tensor.Shape[0] * channels);
        var span = new ChannelSpan { Low = new float[channels], High = new float[channels], Squares = new double[channels] };
        Array.Fill(span.Low, float.PositiveInfinity);
        Array.Fill(span.High, float.NegativeInfinity);
        ReadOnlySpan<float> values = tensor.Floats;
        for (int i = 0, c = 0; i < values.Length; c = c + 1 == channels ? 0 : c + 1)
        {
            for (int end = i + inner; i < end; i++)
            {
                span.Low[c] = MathF.Min(span.Low[c], values[i]);
                span.High[c] = MathF.Max(span.High[c], values[i]);
                span.Squares[c] += values[i] * values[i];
            }
        }

        span.Count = values.Length / channels;
        return span;
    }

    /// <summary>Adds what was seen on another sample; false if it has other channels.</summary>
    public bool Add(ChannelSpan other)
    {
        if (other.Low.Length != Low.Length)
        {
            return false;
        }

        for (int c = 0; c < Low.Length; c++)
        {
            Low[c] = MathF.Min(Low[c], other.Low[c]);
            High[c] = MathF.Max(High[c], other.High[c]);
            Squares[c] += other.Squares[c];
        }

        Count += other.Count;
        return true;
    }
}

/// <summary>Finds the spans of some tensors of a float model, several samples at a time.</summary>
internal static class ChannelSpans
{
    /// <summary>Runs the model.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="tensors">Ids of the tensors.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples; sums are taken in their order.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By tensor id; tensors without channels, or whose channels differ between samples, are left out.</returns>
    /// <exception cref="Diagnostics.QuantizeException">A sample or an operator failed.</exception>
    public static Dictionary<int, ChannelSpan> Find(
        Graph graph,
        IReadOnlySet<int> tensors,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        int workers,
        CancellationToken cancellation)
    {
        var each = new Dictionary<int, ChannelSpan>[samples.Count];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, samples.Count), _ =>
        {
            var session = new InferenceSession(graph);
            for (int i = Interlocked.Increment(ref next); i < each.Length; i = Interlocked.Increment(ref next))
            {
                var watch = new Watch(tensors);
                session.Runner.Observer = watch;
                feeder.Feed(session, samples[i]);
                session.Runner.Run(cancellation);
                session.Runner.ReleaseAll();
                each[i] = watch.Spans;
            }
        });
        cancellation.ThrowIfCancellationRequested();
        Dictionary<int, ChannelSpan> all = each[0];
        foreach (Dictionary<int, ChannelSpan> sample in each.Skip(1))
        {
            foreach ((int id, ChannelSpan span) in sample)
            {
                if (all.TryGetValue(id, out ChannelSpan? sum) && !sum.Add(span))
                {
                    all.Remove(id);
                }
            }
        }

        return all;
    }

    private sealed class Watch(IReadOnlySet<int> tensors) : IRunObserver
    {
        public Dictionary<int, ChannelSpan> Spans { get; } = [];

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            if (tensors.Contains(id) && tensor is { Type: ElementType.Float32, Rank: >= 2, Count: > 0 })
            {
                Spans[id] = ChannelSpan.Of(tensor);
            }
        }
    }
}
