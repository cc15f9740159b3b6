namespace Mnn.Quantize.Configuration;

/// <summary>The keys of the section <c>train</c>, in the order of the documentation.</summary>
internal static class TrainKeys
{
    /// <summary>Name of the section.</summary>
    public const string Section = "train";

    private static readonly ChoiceType<TrainOptimizer> Optimizers = new(("sgd", TrainOptimizer.Sgd), ("adam", TrainOptimizer.Adam));

    private static readonly ChoiceType<TrainSchedule> Schedules = new(
        ("constant", TrainSchedule.Constant), ("step", TrainSchedule.Step), ("cosine", TrainSchedule.Cosine), ("inv", TrainSchedule.Inv));

    private static readonly ChoiceType<TrainLoss> Losses = new(
        ("auto", TrainLoss.Auto), ("cross_entropy", TrainLoss.CrossEntropy), ("mse", TrainLoss.Mse));

    private static readonly ChoiceType<FeatureScaleStat> Stats = new(
        ("PerTensor", FeatureScaleStat.PerTensor), ("PerChannel", FeatureScaleStat.PerChannel));

    private static readonly ChoiceType<FeatureScaleUpdate> Updates = new(
        ("MovingAverage", FeatureScaleUpdate.MovingAverage), ("Maximum", FeatureScaleUpdate.Maximum));

    /// <summary>Keys whose values are paths: relative to the file that has them, and no part of what a result depends on.</summary>
    public static IReadOnlyList<string> Places { get; } = ["data", "labels", "validation_data", "validation_labels"];

    /// <summary>The keys.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        Open("bits", new IntegerType(2, 8), "`quant_bits`", (c, v) => c with { Bits = v },
            "Bits of a weight."),
        Open("data", new TextType(), "`path`", (c, v) => c with { Data = v },
            "The examples, relative to this file: a folder of pictures, a folder with a folder for each class, an IDX file, a `.csv` file, or with `sequence` arrays.").AsRequired("`path`"),
        Open("labels", new TextType(), "those of the data, or none", (c, v) => c with { Labels = v },
            "Their labels: a file of lines `NAME LABEL`, or an IDX file. Without labels the model learns to do what the float model does."),
        Open("validation_data", new TextType(), "a share of `data`", (c, v) => c with { ValidationData = v },
            "The examples on which each epoch is evaluated."),
        Open("validation_labels", new TextType(), "those of the data, or none", (c, v) => c with { ValidationLabels = v },
            "Their labels."),
        Of("validation_share", new RangeType(0, 0.9), c => c.ValidationShare, (c, v) => c with { ValidationShare = v },
            "Share of `data` that is kept for evaluation if there is no `validation_data`; with 0 the last epoch counts as the best."),
        Open("epochs", new IntegerType(1, 10000), "3, with fewer than 6 bits 5; more for few examples, to make 100 steps", (c, v) => c with { Epochs = v },
            "Times that all examples are seen."),
        Of("budget", new BudgetType(), c => c.Budget, (c, v) => c with { Budget = v },
            "Ends the training early: `3 epochs`, `100000 images`, or `10 minutes`, which a faster machine gets further in."),
        Open("batch_size", new IntegerType(1, 4096), "a thirty-second of the examples, 8 to 64", (c, v) => c with { BatchSize = v },
            "Examples a step."),
        Open("learning_rate", new RangeType(1e-9, 10), "0.003, with 5 and 4 bits 0.005, with fewer 0.01; for `adam` 0.0001", (c, v) => c with { LearningRate = v },
            "The learning rate where it is greatest."),
        Open("optimizer", Optimizers, "`sgd`, without labels `adam`", (c, v) => c with { Optimizer = v },
            "What changes the weights."),
        Of("optimizer_momentum", new RangeType(0, 0.9999), c => c.OptimizerMomentum, (c, v) => c with { OptimizerMomentum = v },
            "How much of the last step's change is added to the next; for `adam` how much of the mean gradient stays."),
        Of("weight_decay", new RangeType(0, 1), c => c.WeightDecay, (c, v) => c with { WeightDecay = v },
            "Share of a weight that is added to its gradient."),
        Of("schedule", Schedules, c => c.Schedule, (c, v) => c with { Schedule = v },
            "How the learning rate goes down: not at all, by `schedule_gamma` every `schedule_epochs`, along half a cosine wave to 0, or by `(1 + schedule_gamma * step) ^ -schedule_power`."),
        Of("schedule_epochs", new IntegerType(1, 10000), c => c.ScheduleEpochs, (c, v) => c with { ScheduleEpochs = v },
            "Epochs between two changes, for `step`."),
        Open("schedule_gamma", new RangeType(1e-9, 1), "0.1, for `inv` 0.0001", (c, v) => c with { ScheduleGamma = v },
            "See `schedule`."),
        Of("schedule_power", new RangeType(0.01, 10), c => c.SchedulePower, (c, v) => c with { SchedulePower = v },
            "See `schedule`."),
        Open("warmup_steps", new IntegerType(0, 1000000), "a twentieth of all steps, at most 500", (c, v) => c with { WarmupSteps = v },
            "Steps during which the learning rate rises from 0."),
        Of("loss", Losses, c => c.Loss, (c, v) => c with { Loss = v },
            "What is made small: cross-entropy, or the mean squared error. `auto` takes the error for outputs that are no scores of classes."),
        Open("distill", new RangeType(0, 1), "0, without labels 1", (c, v) => c with { Distill = v },
            "Share of the loss that compares with the float model's outputs, not with labels."),
        Of("temperature", new RangeType(0.1, 100), c => c.Temperature, (c, v) => c with { Temperature = v },
            "Divides scores before they are compared with the float model's."),
        Of("augment_flip", new FlagType(), c => c.AugmentFlip, (c, v) => c with { AugmentFlip = v },
            "Whether half the pictures are mirrored, left to right."),
        Of("augment_crop", new IntegerType(0, 1024), c => c.AugmentCrop, (c, v) => c with { AugmentCrop = v },
            "Pixels by which pictures are moved at most, in any direction; `pad_value` fills what becomes free."),
        Of("patience", new IntegerType(0, 10000), c => c.Patience, (c, v) => c with { Patience = v },
            "Epochs without a better one after which the training ends; 0 means never."),
        Of("seed", new IntegerType(0), c => c.Seed, (c, v) => c with { Seed = v },
            "Where chance starts: the same seed gives the same model."),
        Of("feature_scale_stat", Stats, c => c.FeatureScaleStat, (c, v) => c with { FeatureScaleStat = v },
            "What shares a scale of activations while training. `PerChannel` is accepted and does as `PerTensor` does, as in the reference (3.6.1): a file has one scale a tensor."),
        Of("scale_update", Updates, c => c.ScaleUpdate, (c, v) => c with { ScaleUpdate = v },
            "How scales of activations follow the batches."),
        Of("momentum", new RangeType(0, 0.9999), c => c.Momentum, (c, v) => c with { Momentum = v },
            "How much of a scale of activations stays at each step, for `MovingAverage`, and of BatchNorm's statistics."),
        Open("freeze_statistics_after", new IntegerType(0), "never", (c, v) => c with { FreezeStatisticsAfter = v },
            "Steps after which the statistics of BatchNorm stay as they are."),
        Open("lsq", new FlagType(), "with 3 bits and fewer", (c, v) => c with { Lsq = v },
            "Whether scales of weights are learned (LSQ) instead of computed from the weights."),
        Of("lsq_features", new FlagType(), c => c.LsqFeatures, (c, v) => c with { LsqFeatures = v },
            "Whether scales of activations are learned (LSQ) instead of followed by `scale_update`, which then counts for the first 16 steps."),
        Of("frozen", new TextsType(), c => c.Frozen, (c, v) => c with { Frozen = v },
            "Names of operators whose weights stay as they are."),
    ];

    private static ConfigKey Of<T>(
        string name, ConfigType<T> type, Func<TrainConfig, T> get, Func<TrainConfig, T, TrainConfig> set, string summary) =>
        ConfigKey.Of(name, type, c => get(c.Train), (c, v) => c with { Train = set(c.Train, v) }, summary).In(Section);

    private static ConfigKey Open<T>(
        string name, ConfigType<T> type, string absent, Func<TrainConfig, T, TrainConfig> set, string summary) =>
        ConfigKey.Open(name, type, absent, (c, v) => c with { Train = set(c.Train, v) }, summary).In(Section);
}
