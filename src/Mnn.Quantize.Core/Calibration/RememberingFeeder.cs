using System.Collections.Concurrent;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Keeps what another feeder has made of samples, so that several runs over them decode each picture once. When the
/// memory for it is used up, the rest is read again each time; the values are the same.
/// </summary>
/// <param name="feeder">Reads the samples.</param>
/// <param name="byteLimit">About how many bytes to keep.</param>
internal sealed class RememberingFeeder(ISampleFeeder feeder, long byteLimit) : ISampleFeeder
{

    private readonly ConcurrentDictionary<string, TensorValue[]> _kept = new();
    private long _bytes;

    /// <inheritdoc/>
    public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
    {
        if (samples.Length == 1 && _kept.TryGetValue(samples[0], out TensorValue[]? values))
        {
            for (int i = 0; i < values.Length; i++)
            {
                session.Fill(session.Graph.Inputs[i], values[i]);
            }

            return;
        }

        feeder.Feed(session, samples);
        if (samples.Length == 1 && Interlocked.Read(ref _bytes) < byteLimit)
        {
            values = [.. session.Graph.Inputs.Select(input => session.ReadOutput(input.Id))];
            if (_kept.TryAdd(samples[0], values))
            {
                Interlocked.Add(ref _bytes, values.Sum(v => sizeof(float) * v.Shape.Aggregate(1L, (product, extent) => product * extent)));
            }
        }
    }

    /// <inheritdoc/>
    public void Check(string sample) => feeder.Check(sample);
}
