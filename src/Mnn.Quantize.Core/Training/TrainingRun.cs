using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training;

/// <summary>
/// One run of the model on a few samples of a batch, there and back: all tensors stay until the gradients are known.
/// </summary>
internal sealed class TrainingRun
{
    private readonly Tensor?[] _gradients;
    private readonly InferenceSession _session;
    private float[] _scratch = [];

    /// <summary>Makes the run.</summary>
    /// <param name="graph">The model, nothing of which may be freed on the way.</param>
    /// <param name="pool">Memory, shared with other runs of the same lane.</param>
    /// <param name="lane">Number of the lane.</param>
    public TrainingRun(Graph graph, TensorPool pool, int lane)
    {
        _session = new InferenceSession(graph, pool);
        _gradients = new Tensor?[graph.TensorCount];
        Lane = lane;
    }

    /// <summary>Number of the lane that it is part of.</summary>
    public int Lane { get; }

    /// <summary>Place of its first sample in the batch.</summary>
    public int FirstSample { get; private set; }

    /// <summary>Runs the operators.</summary>
    public GraphRunner Runner => _session.Runner;

    /// <summary>The model.</summary>
    public Graph Graph => _session.Graph;

    /// <summary>Memory.</summary>
    public TensorPool Pool => _session.Pool;

    /// <summary>Begins a run.</summary>
    /// <param name="inputs">The inputs, as many samples as this run takes.</param>
    /// <param name="firstSample">Place of the first one in the batch.</param>
    public void Start(IReadOnlyList<TensorValue> inputs, int firstSample)
    {
        FirstSample = firstSample;
        for (int i = 0; i < inputs.Count; i++)
        {
            _session.Fill(Graph.Inputs[i], inputs[i]);
        }

        Runner.Start(default);
    }

    /// <summary>The tensor of an id.</summary>
    public Tensor Tensor(int id) => Runner.TensorOf(id);

    /// <summary>The value of an output, row-major.</summary>
    public TensorValue Output(int id) => _session.ReadOutput(id);

    /// <summary>Makes the tensor of an id anew; its content is undefined.</summary>
    public Tensor Make(int id, ReadOnlySpan<int> shape, Model.Schema.MNN_DATA_FORMAT format)
    {
        Tensor tensor = Runner.TensorOf(id);
        tensor.Describe(
            ElementType.Float32, shape, format, Inference.Tensor.LiesChannelsLast(format, shape.Length));
        tensor.SetBuffer(Pool.Rent(tensor.ByteCount));
        return tensor;
    }

    /// <summary>Makes the tensor of an id anew, shaped and laid out like another; its content is undefined.</summary>
    public Tensor MakeAs(int id, Tensor other)
    {
        Tensor tensor = Runner.TensorOf(id);
        tensor.DescribeAs(other, ElementType.Float32, other.IsChannelsLast);
        tensor.SetBuffer(Pool.Rent(tensor.ByteCount));
        return tensor;
    }

    /// <summary>A tensor shaped and laid out like another; its content is undefined.</summary>
    public Tensor MakeLike(Tensor other) => MakeLike(other, other.IsChannelsLast);

    /// <summary>The same with another order in memory.</summary>
    public Tensor MakeLike(Tensor other, bool channelsLast)
    {
        var tensor = new Tensor();
        tensor.DescribeAs(other, ElementType.Float32, channelsLast);
        tensor.SetBuffer(Pool.Rent(tensor.ByteCount));
        return tensor;
    }

    /// <summary>The derivative of the loss by a tensor, laid out like it; null if the loss doesn't depend on it.</summary>
    public Tensor? Gradient(int id) => _gradients[id];

    /// <summary>Adds to the gradient of a tensor.</summary>
    /// <param name="id">The tensor.</param>
    /// <param name="gradient">Laid out like it; belongs to the run from now on.</param>
    public void AddGradient(int id, Tensor gradient)
    {
        if (_gradients[id] is not { } before)
        {
            _gradients[id] = gradient;
            return;
        }

        Elementwise.Binary(default(BinaryOperators.Add), before.Floats, gradient.Floats, before.Floats);
        gradient.SetBuffer(null);
    }

    /// <summary>Frees a gradient that nobody will read any more.</summary>
    public void DropGradient(int id)
    {
        _gradients[id]?.SetBuffer(null);
        _gradients[id] = null;
    }

    /// <summary>Memory for one step of a layer; undefined content.</summary>
    public Span<float> Scratch(int count)
    {
        if (_scratch.Length < count)
        {
            _scratch = GC.AllocateUninitializedArray<float>(Math.Max(count, 2 * _scratch.Length));
        }

        return _scratch.AsSpan(0, count);
    }

    /// <summary>Frees all memory.</summary>
    public void Release()
    {
        for (int i = 0; i < _gradients.Length; i++)
        {
            DropGradient(i);
        }

        Runner.ReleaseAll();
    }
}
