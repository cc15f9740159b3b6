using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training;

/// <summary>The range of an activation: of the current batch, to round it, and over all batches, for the int8 model.</summary>
/// <param name="options">How it follows the batches.</param>
internal sealed class FeatureRange(TrainingOptions options)
{
    /// <summary>Activations always have 8 bits.</summary>
    public const int Clamp = 127;

    /// <summary>Lower bound, upper bound, and the number of batches.</summary>
    public float[] State { get; } = new float[3];

    /// <summary>Scale and zero point of the current batch.</summary>
    public QuantParameters Batch { get; private set; } = new(1, 0, -Clamp, Clamp);

    /// <summary>The range so far.</summary>
    public RunningRange Running => new(State[0], State[1], (int)State[2]);

    /// <summary>Rounds values of the current batch.</summary>
    public FakeQuantizer Rounding => new(Batch.Scale, Batch.ZeroPoint, Batch.Min, Batch.Max);

    /// <summary>Takes the next batch.</summary>
    /// <param name="low">Its smallest value.</param>
    /// <param name="high">Its greatest value.</param>
    public void Next(float low, float high)
    {
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
}
