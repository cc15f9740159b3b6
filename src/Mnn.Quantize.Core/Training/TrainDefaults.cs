using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Training;

/// <summary>
/// What the settings mean that a config leaves open. Fewer bits move weights further from what they were, so that they take
/// a larger rate and more epochs to come back, and learned scales pay from 3 bits down. The distance from the float model has
/// gradients of any size, which Adam does not mind. docs/training.md has the measurements.
/// </summary>
/// <param name="config">The settings.</param>
/// <param name="bits">Bits of a weight.</param>
/// <param name="examples">Examples to train with, at least 1.</param>
/// <param name="labelled">Whether labels take part in the loss.</param>
internal sealed class TrainDefaults(TrainConfig config, int bits, int examples, bool labelled)
{
    private const int FineBits = 6;
    private const int CoarseBits = 3;
    private const double FineRate = 0.003;
    private const double UsualRate = 0.005;
    private const double CoarseRate = 0.01;
    private const double AdamRate = 0.0001;

    // Few examples still make as many steps as a net takes to settle.
    private const int UsualBatch = 64;
    private const int LeastBatch = 8;
    private const int BatchesAnEpoch = 32;
    private const int FineEpochs = 3;
    private const int UsualEpochs = 5;
    private const int LeastSteps = 100;

    // The first steps see ranges and momentum that are not settled.
    private const int WarmupShare = 20;
    private const int MostWarmup = 500;

    /// <summary>Examples a step.</summary>
    public int BatchSize => Math.Min(
        examples, config.BatchSize ?? Math.Clamp(examples / BatchesAnEpoch, LeastBatch, UsualBatch));

    /// <summary>Steps an epoch. What doesn't fill a batch comes in another epoch: order is new in each.</summary>
    public int StepsPerEpoch => examples / BatchSize;

    /// <summary>Times that all examples are seen.</summary>
    public int Epochs => config.Epochs
        ?? Math.Max(bits >= FineBits ? FineEpochs : UsualEpochs, (LeastSteps + StepsPerEpoch - 1) / StepsPerEpoch);

    /// <summary>What changes the weights.</summary>
    public TrainOptimizer Optimizer => config.Optimizer ?? (labelled ? TrainOptimizer.Sgd : TrainOptimizer.Adam);

    /// <summary>The learning rate where it is greatest.</summary>
    public double LearningRate => config.LearningRate > 0 ? config.LearningRate
        : Optimizer == TrainOptimizer.Adam ? AdamRate
        : bits >= FineBits ? FineRate
        : bits > CoarseBits ? UsualRate : CoarseRate;

    /// <summary>Whether scales of weights are learned.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="bits">Bits of a weight.</param>
    public static bool Lsq(TrainConfig config, int bits) => config.Lsq ?? bits <= CoarseBits;

    /// <summary>Steps during which the learning rate rises.</summary>
    /// <param name="steps">All steps of the training.</param>
    public long WarmupSteps(long steps) => config.WarmupSteps ?? Math.Min(MostWarmup, steps / WarmupShare);
}
