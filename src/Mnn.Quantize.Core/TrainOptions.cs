using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Training;

namespace Mnn.Quantize;

/// <summary>Whether a training goes on where an interrupted one stopped.</summary>
public enum TrainResume
{
    /// <summary>It starts anew.</summary>
    Never,

    /// <summary>It goes on if the checkpoint is of the same training, else it starts anew with a warning.</summary>
    IfSame,

    /// <summary>It goes on if there is a checkpoint; one of another training is an error.</summary>
    Always,
}

/// <summary>What to train, with what, into what.</summary>
public sealed record TrainOptions
{
    /// <summary>The float model, a <c>.mnn</c> file; operators for BatchNorm may still be in it.</summary>
    public required string Source { get; init; }

    /// <summary>Where the int8 model goes. Written under a temporary name, flushed and renamed: never half there.</summary>
    public required string Destination { get; init; }

    /// <summary>The <c>quant.json</c> with a section <c>train</c>. Empty if <see cref="Settings"/> say it all.</summary>
    public required string Config { get; init; }

    /// <summary>
    /// Settings that go before those of the config: as in <see cref="QuantizeOptions.Settings"/>; a key of the section
    /// <c>train</c> has it in its name, as <c>TrainEpochs</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that <see cref="Settings"/> are from: messages name it, a relative path in them starts at its folder.</summary>
    public string SettingsFile { get; init; } = "";

    /// <summary>Full paths of calibration pictures instead of the config's <c>path</c>; or null. Used where <c>train</c> names no data.</summary>
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>Worker threads, 1 to 256; 0 means one a core. The result does not depend on it.</summary>
    public int MaxParallelism { get; init; }

    /// <summary>
    /// If set: where the list of all that the result depends on is written, one absolute path a line (UTF-8).
    /// </summary>
    public string? DependencyFile { get; init; }

    /// <summary>
    /// Where the state of the training is kept until it is done, to go on from after an interruption; null puts it beside
    /// <see cref="Destination"/>, under its name with <c>.checkpoint</c> added.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether it goes on from the checkpoint.</summary>
    public TrainResume Resume { get; init; }

    /// <summary>Full path of the checkpoint.</summary>
    public string CheckpointFile => Path.GetFullPath(Checkpoint ?? Destination + ".checkpoint");

    internal ConfigSource ToConfigSource() => new(Config, Settings, SettingsFile, Pictures);
}

/// <summary>What a training made.</summary>
public sealed record TrainResult
{
    /// <summary>Full path of the int8 model.</summary>
    public required string Destination { get; init; }

    /// <summary>Bytes of the float model, with its external weights.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>Bytes of the int8 model.</summary>
    public required long DestinationBytes { get; init; }

    /// <summary>Wall-clock seconds of the run.</summary>
    public required double Seconds { get; init; }

    /// <summary>Bits of a weight.</summary>
    public required int Bits { get; init; }

    /// <summary>
    /// What the model comes to on the examples for evaluation when it is rounded and not trained; null if there are none. Its
    /// number is 0, and its loss while training is NaN.
    /// </summary>
    public TrainEpoch? Untrained { get; init; }

    /// <summary>The epochs that were trained, before an interruption too.</summary>
    public required IReadOnlyList<TrainEpoch> Epochs { get; init; }

    /// <summary>The epoch, from 1, whose net was written; 0 if none was better than <see cref="Untrained"/>.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The float model on the examples for evaluation, as <see cref="TrainEpoch.Accuracy"/> is.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>
    /// The int8 model as it was written, in the engine's integer execution, on all examples for evaluation, or if there are
    /// none on up to a thousand that it was trained with; null without labels.
    /// </summary>
    public required double? Int8Accuracy { get; init; }

    /// <summary>Number of these examples.</summary>
    public int Int8Examples { get; init; }

    /// <summary>The interval of 95% confidence of <see cref="Int8Accuracy"/>; null without labels.</summary>
    public (double Low, double High)? Int8Interval { get; init; }

    /// <summary>Share of these examples on which the int8 model names the class that the trained net does, 0 to 1; null without classes.</summary>
    public required double? Int8Agreement { get; init; }

    /// <summary>Mean cosine similarity of the int8 model's outputs to the float model's on the first of these examples.</summary>
    public required double Cosine { get; init; }

    /// <summary>Share of the same examples on which the first output's greatest element is the same in both models.</summary>
    public required double Top1Agreement { get; init; }

    /// <summary>Convolutions that run in int8, and all convolutions.</summary>
    public required (int Quantized, int All) Convolutions { get; init; }

    /// <summary>Examples to train with.</summary>
    public required int Examples { get; init; }

    /// <summary>Examples a second while training.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Warnings, in the order they arose.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }
}
