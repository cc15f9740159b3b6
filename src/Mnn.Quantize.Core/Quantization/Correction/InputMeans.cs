using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>The means of each channel of some tensors over samples, as they are and rounded to their levels.</summary>
internal sealed class InputMeans : IRunObserver
{
    private readonly Graph _graph;
    private readonly QuantParameters?[] _quant;
    private readonly Dictionary<int, Sums> _sums = [];
    private float[] _rounded = [];

    private InputMeans(Graph graph, IEnumerable<int> tensors, QuantParameters?[] quant)
    {
        (_graph, _quant) = (graph, quant);
        foreach (int id in tensors)
        {
            _sums[id] = new Sums();
        }
    }

    /// <summary>Runs the float model.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="tensors">Ids of the tensors.</param>
    /// <param name="quant">By tensor id: scale and zero point; null where it is not rounded.</param>
    /// <param name="feeder">Fills the inputs.</param>
    /// <param name="samples">The samples; the sums are taken in their order.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>By tensor id: [channels] each.</returns>
    /// <exception cref="Diagnostics.QuantizeException">A sample or an operator failed.</exception>
    public static Dictionary<int, (double[] Real, double[] Rounded)> Find(
        Graph graph,
        IReadOnlyCollection<int> tensors,
        QuantParameters?[] quant,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        CancellationToken cancellation)
    {
        var means = new InputMeans(graph, tensors, quant);
        var session = new InferenceSession(graph);
        session.Runner.Observer = means;
        foreach (string sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            feeder.Feed(session, sample);
            session.Runner.Run(cancellation);
            session.Runner.ReleaseAll();
        }

        return means._sums.Where(s => s.Value.Count > 0).ToDictionary(s => s.Key, s => s.Value.Means());
    }

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        if (tensor.Type != ElementType.Float32 || tensor.Rank < 2 || tensor.Count == 0 || !_sums.TryGetValue(id, out Sums? sums))
        {
            return;
        }

        ReadOnlySpan<float> values = tensor.Floats;
        if (_rounded.Length < values.Length)
        {
            _rounded = new float[values.Length];
        }

        Span<float> rounded = _rounded.AsSpan(0, values.Length);
        values.CopyTo(rounded);
        if (_quant[id] is { } quant)
        {
            FakeQuantize.Run(rounded, quant.Scale, quant.ZeroPoint, quant.Min, quant.Max);
        }

        bool nhwc = tensor.Format == MNN_DATA_FORMAT.NHWC;
        int channels = nhwc ? tensor.Shape[^1] : tensor.Shape[1];
        int positions = values.Length / (tensor.Shape[0] * channels);
        sums.Add(values, rounded, channels, nhwc || tensor.IsChannelsLast ? 1 : positions);
    }

    private sealed class Sums
    {
        private double[] _real = [];
        private double[] _rounded = [];

        public long Count { get; private set; }

        public void Add(ReadOnlySpan<float> real, ReadOnlySpan<float> rounded, int channels, int inner)
        {
            if (_real.Length != channels)
            {
                (_real, _rounded, Count) = (new double[channels], new double[channels], 0);
            }

            for (int i = 0, channel = 0; i < real.Length; channel = channel + 1 == channels ? 0 : channel + 1)
            {
                for (int end = i + inner; i < end; i++)
                {
                    _real[channel] += real[i];
                    _rounded[channel] += rounded[i];
                }
            }

            Count += real.Length / channels;
        }

        public (double[] Real, double[] Rounded) Means() =>
            (Array.ConvertAll(_real, s => s / Count), Array.ConvertAll(_rounded, s => s / Count));
    }
}
