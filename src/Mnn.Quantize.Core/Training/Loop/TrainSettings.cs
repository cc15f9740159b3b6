using Mnn.Quantize.Configuration;
using Mnn.Quantize.Training.Examples;
using Mnn.Quantize.Training.Losses;

namespace Mnn.Quantize.Training.Loop;

/// <summary>Some examples of a set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Indices">Which of its examples, in which order.</param>
internal sealed record ExampleRange(ExampleSet Set, int[] Indices)
{
    /// <summary>All examples of a set.</summary>
    public static ExampleRange All(ExampleSet set) => new(set, [.. Enumerable.Range(0, set.Count)]);
}

/// <summary>What a <see cref="Trainer"/> works with.</summary>
internal sealed record TrainSettings
{
    /// <summary>Path of the model, for messages.</summary>
    public required string Model { get; init; }

    /// <summary>How to train.</summary>
    public required TrainConfig Config { get; init; }

    /// <summary>What the config leaves open.</summary>
    public required TrainDefaults Defaults { get; init; }

    /// <summary>What is made small.</summary>
    public required Objective Objective { get; init; }

    /// <summary>Examples to train with, at least one.</summary>
    public required ExampleRange Training { get; init; }

    /// <summary>Examples to evaluate with; null for none.</summary>
    public ExampleRange? Validation { get; init; }

    /// <summary>Where checkpoints go; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What the result depends on, as hashes by name: a checkpoint is of the same training if they are equal.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Identity { get; init; } = [];

    /// <summary>Time between two checkpoints within an epoch.</summary>
    public TimeSpan CheckpointPause { get; init; } = TimeSpan.FromSeconds(30);
}
