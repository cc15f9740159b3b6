using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// What follows a convolution: BatchNorm, a bound such as ReLU, and the rounding of the result, in one go. The range to
/// round by follows from the extremes of each channel, since all of it is monotonic.
/// </summary>
internal sealed class StageLayer : Layer
{
    private readonly BatchNormParts? _norm;
    private readonly FeatureRange? _range;
    private readonly StepGradient? _step;
    private readonly int _input;
    private readonly int _output;
    private readonly int _channels;
    private readonly float _low;
    private readonly float _high;
    private readonly LaneSums<double> _first;
    private readonly LaneSums<double> _second;
    private readonly LaneSums<double> _counts = new(1);
    private readonly LaneSums<float> _least;
    private readonly LaneSums<float> _greatest;
    private readonly float[] _a;
    private readonly float[] _b;
    private readonly float[] _p;
    private readonly float[] _q;
    private readonly float[] _t;

    /// <summary>Makes the layer.</summary>
    /// <param name="norm">The BatchNorm; null for none.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="bounds">What the activation cuts off; infinite for none.</param>
    /// <param name="range">The range to round by; null for none.</param>
    /// <param name="input">Tensor that it reads.</param>
    /// <param name="output">Tensor that it makes.</param>
    public StageLayer(
        BatchNormParts? norm, int channels, (float Low, float High) bounds, FeatureRange? range, int input, int output)
    {
        (_norm, _range, _input, _output, _channels) = (norm, range, input, output, channels);
        (_low, _high) = bounds;
        _step = range?.StepSize is null ? null : new StepGradient(range);
        (_first, _second) = (new LaneSums<double>(channels), new LaneSums<double>(channels));
        (_least, _greatest) = (new LaneSums<float>(channels), new LaneSums<float>(channels));
        (_a, _b) = (new float[channels], new float[channels]);
        (_p, _q, _t) = (new float[channels], new float[channels], new float[channels]);
        Array.Fill(_a, 1);
        Array.Fill(_p, 1);
    }

    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters =>
        (_norm?.Trained ?? []).Concat(_step?.Parameters ?? []);

    /// <inheritdoc/>
    public override IEnumerable<float[]> State =>
        (_norm?.State ?? []).Concat(_range is null ? [] : [_range.State]);

    /// <inheritdoc/>
    public override bool Meets => _norm is not null || _range is not null;

    /// <inheritdoc/>
    public override bool MeetsBackward => _norm is not null;

    /// <inheritdoc/>
    public override void Begin(int lanes)
    {
        _first.Begin(lanes);
        _second.Begin(lanes);
        _counts.Begin(lanes);
        _least.Begin(lanes, float.PositiveInfinity);
        _greatest.Begin(lanes, float.NegativeInfinity);
        _norm?.Begin();
        _step?.Begin(lanes);
    }

    /// <inheritdoc/>
    public override void Forward(TrainingRun run)
    {
        if (!Meets)
        {
            Finish(run);
            return;
        }

        Tensor z = run.Tensor(_input);
        ChannelStatistics.Add(
            z.Floats, _norm?.Shift ?? _b, _first.Of(run.Lane), _second.Of(run.Lane), _least.Of(run.Lane), _greatest.Of(run.Lane));
        _counts.Of(run.Lane)[0] += z.Count / _channels;
    }

    /// <inheritdoc/>
    public override void Merge()
    {
        if (!Meets)
        {
            return;
        }

        _norm?.Merge(_counts.Sum(0), _first.Sum, _second.Sum, _a, _b);
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int c = 0; c < _channels && _range is not null; c++)
        {
            float least = _least.All.Min(l => l[c]), greatest = _greatest.All.Max(l => l[c]);
            float x = Bound(MathF.FusedMultiplyAdd(_a[c], least, _b[c]));
            float y = Bound(MathF.FusedMultiplyAdd(_a[c], greatest, _b[c]));
            (low, high) = (MathF.Min(low, MathF.Min(x, y)), MathF.Max(high, MathF.Max(x, y)));
        }

        _range?.Next(low, high);
        _first.Begin(_first.All.Count());
        _second.Begin(_second.All.Count());
    }

    /// <inheritdoc/>
    public override void Finish(TrainingRun run)
    {
        Tensor z = run.Tensor(_input);
        Tensor y = run.Make(_output, z.Shape, z.Format);
        ChannelStage.Forward(z.Floats, _a, _b, _low, _high, _range?.Rounding, y.Floats);
    }

    /// <inheritdoc/>
    public override void Collect(TrainingRun run)
    {
        if (run.Gradient(_output) is { } gradient)
        {
            Unround(run, gradient);
            ChannelStage.AddSums(
                gradient.Floats, run.Tensor(_input).Floats, _a, _b, _low, _high, _norm!.Mean, _first.Of(run.Lane),
                _second.Of(run.Lane));
        }
    }

    /// <inheritdoc/>
    public override void MergeBackward() => _norm!.MergeBackward(_counts.Sum(0), _first.Sum, _second.Sum, _p, _q, _t);

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        if (run.Gradient(_output) is not { } gradient)
        {
            return;
        }

        if (!MeetsBackward)
        {
            Unround(run, gradient);
        }

        Tensor z = run.Tensor(_input);
        Tensor dz = run.MakeLike(z);
        ChannelStage.Backward(gradient.Floats, z.Floats, _a, _b, _low, _high, _p, _q, _t, dz.Floats);
        run.DropGradient(_output);
        run.AddGradient(_input, dz);
    }

    /// <inheritdoc/>
    public override void Reduce() => _step?.Reduce();

    /// <inheritdoc/>
    public override void Update() => _range?.Update();

    // What was rounded by a learned step is computed again.
    private void Unround(TrainingRun run, Tensor gradient)
    {
        if (_step is null || !_range!.Learns)
        {
            return;
        }

        Tensor z = run.Tensor(_input);
        Tensor values = run.MakeLike(z);
        ChannelStage.Forward(z.Floats, _a, _b, _low, _high, null, values.Floats);
        _step.Run(run.Lane, values.Floats, values.Shape[0], gradient.Floats);
        values.SetBuffer(null);
    }

    private float Bound(float value) => MathF.Min(_high, MathF.Max(_low, value));
}
