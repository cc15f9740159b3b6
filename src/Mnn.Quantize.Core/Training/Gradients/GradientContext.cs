using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>What a derivative sees: tensors as the operator saw them, and gradients laid out like them.</summary>
/// <param name="run">The run.</param>
/// <param name="node">The operator.</param>
/// <param name="wants">By input: whether its gradient is wanted.</param>
internal sealed class GradientContext(TrainingRun run, Node node, bool[] wants)
{
    private readonly Tensor?[] _inputs = new Tensor?[node.Inputs.Length];
    private readonly Tensor?[] _gradients = new Tensor?[node.Inputs.Length];
    private readonly List<Tensor> _copies = [];

    /// <summary>The run.</summary>
    public TrainingRun TrainingRun => run;

    /// <summary>The operator.</summary>
    public Node Node => node;

    /// <summary>Number of inputs.</summary>
    public int InputCount => node.Inputs.Length;

    /// <summary>True if input <paramref name="index"/> is there.</summary>
    public bool HasInput(int index) => index < node.Inputs.Length && node.Inputs[index] >= 0;

    /// <summary>Whether a gradient of input <paramref name="index"/> is wanted.</summary>
    public bool Wants(int index) => index < wants.Length && wants[index];

    /// <summary>Input <paramref name="index"/>.</summary>
    public Tensor Input(int index)
    {
        Tensor tensor = run.Tensor(node.Inputs[index]);
        return _inputs[index] ??= IsTurned(tensor) ? RowMajor(tensor) : tensor;
    }

    /// <summary>The gradient of output <paramref name="index"/>; null if the loss doesn't depend on it.</summary>
    public Tensor? OutputGradient(int index)
    {
        Tensor? gradient = run.Gradient(node.Outputs[index]);
        return gradient is not null && IsTurned(gradient) ? RowMajor(gradient) : gradient;
    }

    /// <summary>The gradient of the only output.</summary>
    public Tensor OutputGradient() =>
        OutputGradient(0) ?? throw new TensorShapeException("no gradient of the first output");

    /// <summary>Where to write the gradient of input <paramref name="index"/>; its content is undefined.</summary>
    public Tensor InputGradient(int index) =>
        _gradients[index] ??= run.MakeLike(Input(index), Input(index).IsChannelsLast);

    /// <summary>A tensor for results on the way.</summary>
    public Tensor Temporary(Tensor like)
    {
        Tensor made = run.MakeLike(like);
        _copies.Add(made);
        return made;
    }

    /// <summary>Hands the gradients of inputs on.</summary>
    public void Finish()
    {
        for (int i = 0; i < _gradients.Length; i++)
        {
            if (_gradients[i] is { } gradient)
            {
                run.AddGradient(node.Inputs[i], Settled(gradient, run.Tensor(node.Inputs[i])));
            }
        }

        _copies.ForEach(c => c.SetBuffer(null));
    }

    private bool IsTurned(Tensor tensor) => tensor.IsChannelsLast && !node.Operator.HandlesChannelsLast;

    private Tensor RowMajor(Tensor tensor)
    {
        Tensor copy = new();
        copy.DescribeAs(tensor, tensor.Type, channelsLast: false);
        if (TensorLayout.OrdersCoincide(tensor))
        {
            copy.ShareBuffer(tensor);
        }
        else
        {
            copy.SetBuffer(run.Pool.Rent(copy.ByteCount));
            TensorLayout.CopyToRowMajor(tensor, copy);
        }

        _copies.Add(copy);
        return copy;
    }

    // In the layout of the tensor that it belongs to.
    private Tensor Settled(Tensor gradient, Tensor owner)
    {
        if (gradient.IsChannelsLast == owner.IsChannelsLast)
        {
            return gradient;
        }

        Tensor settled = run.MakeLike(owner);
        TensorLayout.CopyToChannelsLast(gradient, settled);
        gradient.SetBuffer(null);
        return settled;
    }
}
