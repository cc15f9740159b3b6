using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// Follows the range of a tensor, and rounds it if a convolution reads it. Gradients pass unchanged (straight-through
/// estimator) unless the step is learned.
/// </summary>
/// <param name="range">The range.</param>
/// <param name="tensor">The tensor.</param>
/// <param name="rounds">Whether it is rounded.</param>
/// <param name="unrounded">Tensor for the values before rounding, where the step is learned; else -1.</param>
internal sealed class RoundingLayer(FeatureRange range, int tensor, bool rounds, int unrounded = -1) : Layer
{
    private readonly StepGradient _step = new(range);
    private readonly LaneSums<float> _low = new(1);
    private readonly LaneSums<float> _high = new(1);

    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters => _step.Parameters;

    /// <inheritdoc/>
    public override IEnumerable<float[]> State => [range.State];

    /// <inheritdoc/>
    public override bool Meets => rounds;

    /// <inheritdoc/>
    public override void Begin(int lanes)
    {
        _low.Begin(lanes, float.PositiveInfinity);
        _high.Begin(lanes, float.NegativeInfinity);
        _step.Begin(lanes);
    }

    /// <inheritdoc/>
    public override void Forward(TrainingRun run)
    {
        Tensor value = run.Tensor(tensor);
        if (value.Type != ElementType.Float32 || value.Count == 0)
        {
            return;
        }

        (float low, float high, bool finite) = MagnitudeHistogram.Range(value.Floats);
        if (!finite)
        {
            throw Errors.TrainingNotFinite(run.Graph.File, run.Graph.TensorName(tensor));
        }

        ref float least = ref _low.Of(run.Lane)[0];
        ref float greatest = ref _high.Of(run.Lane)[0];
        (least, greatest) = (MathF.Min(least, low), MathF.Max(greatest, high));
    }

    /// <inheritdoc/>
    public override void Merge()
    {
        (float low, float high) = (_low.All.Min(l => l[0]), _high.All.Max(l => l[0]));
        if (low <= high)
        {
            range.Next(low, high);
        }
    }

    /// <inheritdoc/>
    public override void Finish(TrainingRun run)
    {
        Tensor value = run.Tensor(tensor);
        if (value.Type != ElementType.Float32 || value.Count == 0)
        {
            return;
        }

        // Another view of the same memory keeps its values.
        if (!value.IsUnshared)
        {
            Tensor copy = run.MakeLike(value);
            value.Floats.CopyTo(copy.Floats);
            value.ShareBuffer(copy);
            copy.SetBuffer(null);
        }

        if (unrounded >= 0)
        {
            value.Floats.CopyTo(run.MakeAs(unrounded, value).Floats);
        }

        Elementwise.Unary(range.Rounding, value.Floats, value.Floats);
    }

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        if (range.Learns && run.Gradient(tensor) is { } gradient)
        {
            Tensor values = run.Tensor(unrounded);
            _step.Run(run.Lane, values.Floats, values.Shape[0], gradient.Floats);
        }
    }

    /// <inheritdoc/>
    public override void Reduce() => _step.Reduce();

    /// <inheritdoc/>
    public override void Update() => range.Update();
}
