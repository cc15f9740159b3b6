namespace Mnn.Quantize.Training;

/// <summary>How far a training is.</summary>
/// <param name="Stage">What is being done: <c>training</c>, <c>evaluating</c>.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Done">Examples seen in this stage of this epoch.</param>
/// <param name="Total">Examples in this stage of this epoch.</param>
/// <param name="Loss">Mean loss of the epoch so far; when evaluating, of the examples for evaluation so far.</param>
/// <param name="Accuracy">Share of the examples that were right so far, 0 to 1; null without classes.</param>
/// <param name="ImagesPerSecond">Examples a second in this stage.</param>
/// <param name="TimeLeft">How much longer all epochs take, if all goes on as it has; null if not known.</param>
public readonly record struct TrainProgress(
    string Stage,
    int Epoch,
    int Epochs,
    int Done,
    int Total,
    double Loss,
    double? Accuracy,
    double ImagesPerSecond,
    TimeSpan? TimeLeft);

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="LearningRate">Of its last step.</param>
/// <param name="Loss">Mean loss of its steps.</param>
/// <param name="ValidationLoss">Mean loss of the examples for evaluation after it; NaN if there are none.</param>
/// <param name="Accuracy">Share of these that is right, 0 to 1; without labels the share on which the float model says the same; null without classes.</param>
public sealed record TrainEpoch(int Epoch, double LearningRate, double Loss, double ValidationLoss, double? Accuracy);
