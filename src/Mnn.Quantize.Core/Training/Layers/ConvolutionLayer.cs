using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Layers;

/// <summary>A convolution of any kind, or an inner product, without what follows it.</summary>
internal sealed class ConvolutionLayer : Layer
{
    private readonly ConvolutionParts _parts;
    private readonly int _input;
    private readonly int _output;
    private readonly bool _wantsInput;
    private readonly LaneSums<float> _weightSums;
    private readonly LaneSums<double> _biasSums;
    private readonly Lock _packing = new();
    private float[] _forward = [];
    private float[] _backward = [];
    private bool _packed;
    private ConvolutionShape _shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="parts">Weights and shape.</param>
    /// <param name="input">Tensor that it reads.</param>
    /// <param name="output">Tensor that it makes.</param>
    /// <param name="wantsInput">Whether the input's gradient is wanted.</param>
    public ConvolutionLayer(ConvolutionParts parts, int input, int output, bool wantsInput)
    {
        (_parts, _input, _output, _wantsInput) = (parts, input, output, wantsInput);
        _weightSums = new LaneSums<float>(parts.Weight.Value.Length);
        _biasSums = new LaneSums<double>(parts.Bias?.Value.Length ?? 0);
    }

    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters => _parts.Trained;

    /// <inheritdoc/>
    public override void Begin(int lanes)
    {
        _weightSums.Begin(lanes);
        _biasSums.Begin(lanes);
    }

    /// <inheritdoc/>
    public override void Forward(TrainingRun run)
    {
        Tensor input = run.Tensor(_input);
        ConvolutionOutput.RequireChannelsLast(input);
        ConvolutionShape shape = _parts.Shape(run, input);
        Pack(shape);
        Tensor output = _parts.MakeOutput(run, _output, input, shape);
        _parts.Kind.Forward(
            shape, input.Floats, _forward, _parts.BiasValues, output.Floats, run.Scratch(_parts.Kind.ScratchSize(shape)));
    }

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        if (run.Gradient(_output) is not { } gradient)
        {
            return;
        }

        Tensor input = run.Tensor(_input);
        ConvolutionShape shape = _parts.Shape(run, input);
        Span<float> scratch = run.Scratch(_parts.Kind.ScratchSize(shape));
        if (!_parts.Frozen)
        {
            _parts.Kind.AddWeightGradient(shape, input.Floats, gradient.Floats, _weightSums.Of(run.Lane), scratch);
            if (_parts.Bias is not null)
            {
                ChannelStatistics.AddSums(gradient.Floats, _biasSums.Of(run.Lane));
            }
        }

        if (_wantsInput)
        {
            Tensor dx = run.MakeLike(input);
            _parts.Kind.InputGradient(shape, gradient.Floats, _backward, dx.Floats, scratch);
            run.AddGradient(_input, dx);
        }

        run.DropGradient(_output);
    }

    /// <inheritdoc/>
    public override void Reduce()
    {
        if (_parts.Frozen)
        {
            return;
        }

        float[] gradient = _parts.Weight.Gradient;
        Array.Clear(gradient);
        foreach (float[] lane in _weightSums.All)
        {
            _parts.Kind.AddInModelOrder(_shape, lane, gradient);
        }

        _parts.Rounding?.Backward();
        for (int i = 0; i < (_parts.Bias?.Value.Length ?? 0); i++)
        {
            _parts.Bias!.Gradient[i] = (float)_biasSums.Sum(i);
        }
    }

    /// <inheritdoc/>
    public override void Update()
    {
        _parts.Rounding?.Update();
        _packed = false;
    }

    // All lanes have the same channels and kernel, which is what packing depends on.
    private void Pack(in ConvolutionShape shape)
    {
        lock (_packing)
        {
            if (_packed)
            {
                return;
            }

            _shape = shape;
            float[] weights = _parts.Rounding?.Values ?? _parts.Weight.Value;
            Array.Resize(ref _forward, _parts.Kind.ForwardSize(shape));
            _parts.Kind.PackForward(shape, weights, _forward);
            if (_wantsInput)
            {
                Array.Resize(ref _backward, _parts.Kind.BackwardSize(shape));
                _parts.Kind.PackBackward(shape, weights, _backward);
            }

            _packed = true;
        }
    }
}
