using Mnn.Quantize.Configuration;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Optimizing;

/// <summary>The learning rate of each step.</summary>
/// <param name="config">Schedule and its parameters.</param>
/// <param name="defaults">What the config leaves open.</param>
/// <param name="stepsPerEpoch">Steps in an epoch, at least 1.</param>
/// <param name="steps">Steps in the whole training, at least 1.</param>
internal sealed class LearningRate(TrainConfig config, TrainDefaults defaults, int stepsPerEpoch, long steps)
{
    private const double DefaultStepFactor = 0.1;
    private const double DefaultInvGrowth = 0.0001;

    private readonly double _greatest = defaults.LearningRate;
    private readonly long _warmup = defaults.WarmupSteps(steps);

    /// <summary>The rate of a step.</summary>
    /// <param name="step">0 for the first one.</param>
    public float At(long step)
    {
        double warm = step < _warmup ? (step + 1.0) / (_warmup + 1.0) : 1;
        return (float)(_greatest * warm * Factor(step));
    }

    private double Factor(long step) => config.Schedule switch
    {
        TrainSchedule.Step => ScalarMath.Pow(
            Gamma(DefaultStepFactor), step / stepsPerEpoch / config.ScheduleEpochs),
        TrainSchedule.Cosine => (1 + ScalarMath.Cos((float)(Math.PI * step / steps))) / 2,
        TrainSchedule.Inv => ScalarMath.Pow(1 + (Gamma(DefaultInvGrowth) * step), -config.SchedulePower),
        _ => 1,
    };

    private double Gamma(double otherwise) => config.ScheduleGamma > 0 ? config.ScheduleGamma : otherwise;
}
