using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Training;

/// <summary>How a model is made trainable.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Whether weights and activations are rounded as the int8 model will round them; false trains in float.</summary>
    public bool Quantize { get; init; } = true;

    /// <summary>Bits of weights, 2 to 8. Activations always have 8.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>How many ranges an activation has.</summary>
    public FeatureScaleStat FeatureScaleStat { get; init; } = FeatureScaleStat.PerTensor;

    /// <summary>How ranges of activations follow the batches.</summary>
    public FeatureScaleUpdate ScaleUpdate { get; init; } = FeatureScaleUpdate.MovingAverage;

    /// <summary>Part of the old value that a moving average keeps, for ranges and BatchNorm statistics; 0 to 1.</summary>
    public float Momentum { get; init; } = 0.99f;

    /// <summary>Learns the distance between levels of weights (LSQ, Esser et al. 2020) in place of deriving it from them.</summary>
    public bool LearnStepSizes { get; init; }

    /// <summary>Learns the distance between levels of activations, too, in place of deriving it from their ranges.</summary>
    public bool LearnFeatureSteps { get; init; }

    /// <summary>Names of operators whose parameters don't change; <c>*</c> and <c>?</c> stand for any characters.</summary>
    public IReadOnlyList<string> FrozenOps { get; init; } = [];

    /// <summary>Names of operators that stay float; <c>*</c> and <c>?</c> stand for any characters.</summary>
    public IReadOnlyList<string> SkippedOps { get; init; } = [];

    /// <summary>Training steps after which the statistics of BatchNorm no longer change; none by default.</summary>
    public int FreezeStatisticsAfter { get; init; } = int.MaxValue;

    /// <summary>Decides what Dropout drops.</summary>
    public int Seed { get; init; }

    /// <summary>Threads, at least 1. No result depends on it.</summary>
    public int Workers { get; init; } = 1;
}
