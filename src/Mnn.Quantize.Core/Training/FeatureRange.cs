using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training;

/// <summary>
/// The range of an activation: of the current batch, to round it, and over all batches, for the int8 model. Or, after a
/// while, with a step between levels that is learned (LSQ, Esser et al., arXiv:1902.08153), which then serves for both.
/// </summary>
/// <param name="options">How it follows the batches.</param>
/// <param name="learned">Name of the step as a parameter; null follows the batches to the end.</param>
internal sealed class FeatureRange(TrainingOptions options, string? learned = null)
{
    /// <summary>Activations always have 8 bits.</summary>
    public const int Clamp = 127;

    // The first batches say where to start from; one alone may lack values that others have.
    private const int BatchesBefore = 16;

    // Smallest normal number: below it 1 / step overflows.
    private const float LeastStep = 1.17549435e-38f;

    /// <summary>Lower bound, upper bound, the number of batches, and the zero point of the learned step.</summary>
    public float[] State { get; } = new float[4];

    /// <summary>The step between levels as a parameter; null unless it is learned.</summary>
    public TrainableParameter? StepSize { get; } =
        learned is null ? null : new TrainableParameter(learned, ParameterKind.StepSize, [1], [1]);

    /// <summary>Whether values are rounded by the learned step: the first batches are over.</summary>
    public bool Learns => StepSize is not null && State[2] > BatchesBefore;

    /// <summary>Scale and zero point of the current batch.</summary>
    public QuantParameters Batch { get; private set; } = new(1, 0, -Clamp, Clamp);

    /// <summary>The range so far.</summary>
    public RunningRange Running => Learns
        ? new((-Clamp - State[3]) * StepSize!.Value[0], (Clamp - State[3]) * StepSize.Value[0], (int)State[2])
        : new(State[0], State[1], (int)State[2]);

    /// <summary>Rounds values of the current batch.</summary>
    public FakeQuantizer Rounding => Learns
        ? new(StepSize!.Value[0], State[3], -Clamp, Clamp)
        : new(Batch.Scale, Batch.ZeroPoint, Batch.Min, Batch.Max);

    /// <summary>Takes the next batch.</summary>
    /// <param name="low">Its smallest value.</param>
    /// <param name="high">Its greatest value.</param>
    public void Next(float low, float high)
    {
        if (StepSize is not null && State[2] >= BatchesBefore)
        {
            BeginLearning();
            return;
        }

        Batch = RunningRange.Quantize(low, high, Clamp);
        RunningRange range = Running;
        if (options.ScaleUpdate == FeatureScaleUpdate.Maximum)
        {
            range.Widen(low, high, Clamp);
        }
        else
        {
            range.Add(low, high, Clamp, options.Momentum);
        }

        (State[0], State[1], State[2]) = (range.Low, range.High, range.Batches);
    }

    /// <summary>Takes over a changed step.</summary>
    public void Update()
    {
        if (Learns)
        {
            StepSize!.Value[0] = MathF.Max(StepSize.Value[0], LeastStep);
        }
    }

    private void BeginLearning()
    {
        if (!Learns)
        {
            QuantParameters found = Running.Quantize(Clamp);
            (StepSize!.Value[0], State[3], State[2]) = (found.Scale, found.ZeroPoint, BatchesBefore + 1);
        }
    }
}
