namespace Mnn.Quantize.Configuration;

/// <summary>What changes weights by their gradients.</summary>
public enum TrainOptimizer
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Adam: steps by running mean and square of the gradients.</summary>
    Adam,
}

/// <summary>How the learning rate goes down during a training.</summary>
public enum TrainSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Multiplied every few epochs.</summary>
    Step,

    /// <summary>Half a cosine wave, from all to nothing.</summary>
    Cosine,

    /// <summary>By a power of the number of steps, as in the reference.</summary>
    Inv,
}

/// <summary>What a training makes small.</summary>
public enum TrainLoss
{
    /// <summary>Cross-entropy with labels; without them what tells most of the float model: divergence for scores, else squares.</summary>
    Auto,

    /// <summary>Softmax cross-entropy: with labels, or with the float model's softened scores.</summary>
    CrossEntropy,

    /// <summary>Mean squared error.</summary>
    Mse,
}

/// <summary>The section <c>train</c> of a <c>quant.json</c>.</summary>
public sealed record TrainConfig
{
    /// <summary>Bits of a weight, 2 to 8; 0 takes <see cref="QuantConfig.QuantBits"/>.</summary>
    public int Bits { get; init; }

    /// <summary>Where the examples are, as written; empty takes <see cref="QuantConfig.Path"/>.</summary>
    public string Data { get; init; } = "";

    /// <summary>Where their labels are, as written; empty if the data have them, or none.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Where the examples for evaluation are, as written; empty keeps a share of the data for it.</summary>
    public string ValidationData { get; init; } = "";

    /// <summary>Where their labels are, as written.</summary>
    public string ValidationLabels { get; init; } = "";

    /// <summary>Share of the data that is kept for evaluation where nothing else is given, 0 to 0.9.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Times that all examples are seen; null: 3, with fewer than 6 bits 5, and at least as many as make 100 steps.</summary>
    public int? Epochs { get; init; }

    /// <summary>What ends the training early.</summary>
    internal TrainBudget Budget { get; init; } = TrainBudget.None;

    /// <summary>Examples a step; null: a thirty-second of them, at least 8 and at most 64.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Greatest learning rate; 0 takes what suits optimizer and bits.</summary>
    public double LearningRate { get; init; }

    /// <summary>What changes the weights; null: stochastic gradient descent with labels, Adam without.</summary>
    public TrainOptimizer? Optimizer { get; init; }

    /// <summary>Momentum of the optimizer, 0 to below 1.</summary>
    public double OptimizerMomentum { get; init; } = 0.9;

    /// <summary>Share of a weight that is added to its gradient.</summary>
    public double WeightDecay { get; init; } = 0.0001;

    /// <summary>How the learning rate goes down.</summary>
    public TrainSchedule Schedule { get; init; } = TrainSchedule.Cosine;

    /// <summary>Epochs between two changes, for <see cref="TrainSchedule.Step"/>.</summary>
    public int ScheduleEpochs { get; init; } = 2;

    /// <summary>Factor of <see cref="TrainSchedule.Step"/>, or growth a step of <see cref="TrainSchedule.Inv"/>; 0 takes the schedule's own.</summary>
    public double ScheduleGamma { get; init; }

    /// <summary>Power of <see cref="TrainSchedule.Inv"/>.</summary>
    public double SchedulePower { get; init; } = 0.75;

    /// <summary>Steps during which the learning rate rises from nothing; null takes a twentieth of all, at most 500.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>What is made small.</summary>
    public TrainLoss Loss { get; init; } = TrainLoss.Auto;

    /// <summary>Share of the loss that compares with the float model instead of labels, 0 to 1; null: 0 with labels.</summary>
    public double? Distill { get; init; }

    /// <summary>Softens scores that are compared with the float model's.</summary>
    public double Temperature { get; init; } = 2;

    /// <summary>Whether half the pictures are mirrored, left to right.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>Pixels by which pictures are moved at most, in any direction.</summary>
    public int AugmentCrop { get; init; }

    /// <summary>Epochs without a better one after which the training ends; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>Where chance starts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What shares a scale of activations.</summary>
    public FeatureScaleStat FeatureScaleStat { get; init; } = FeatureScaleStat.PerTensor;

    /// <summary>How scales of activations follow the batches.</summary>
    public FeatureScaleUpdate ScaleUpdate { get; init; } = FeatureScaleUpdate.MovingAverage;

    /// <summary>How much of a scale of activations stays, 0 to below 1, for <see cref="FeatureScaleUpdate.MovingAverage"/>.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>Steps after which BatchNorm's statistics stay as they are; null for never.</summary>
    public int? FreezeStatisticsAfter { get; init; }

    /// <summary>Whether scales of weights are learned, too; null: with 3 bits and fewer.</summary>
    public bool? Lsq { get; init; }

    /// <summary>Whether scales of activations are learned, too.</summary>
    public bool LsqFeatures { get; init; }

    /// <summary>Names of operators whose weights stay as they are.</summary>
    public IReadOnlyList<string> Frozen { get; init; } = [];
}
