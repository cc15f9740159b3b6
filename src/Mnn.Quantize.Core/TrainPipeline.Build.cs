using Mnn.Quantize.Training;

namespace Mnn.Quantize;

/// <summary>Training as a mode of quantization.</summary>
public static partial class TrainPipeline
{
    /// <summary>
    /// Trains as <see cref="Run"/> does, for callers that quantize: with an interrupted training of the same model it goes
    /// on by itself.
    /// </summary>
    internal static QuantizeResult RunForBuild(
        QuantizeOptions options, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
    {
        var training = new TrainOptions
        {
            Source = options.Source,
            Destination = options.Destination,
            Config = options.Config,
            Settings = options.Settings,
            SettingsFile = options.SettingsFile,
            Pictures = options.Pictures,
            MaxParallelism = options.MaxParallelism,
            DependencyFile = options.DependencyFile,
            Resume = TrainResume.IfSame,
        };
        TrainResult result = Run(training, progress is null ? null : new Forward(progress), cancellation);
        return new QuantizeResult
        {
            Mode = Configuration.QuantizeMode.Train,
            Destination = result.Destination,
            SourceBytes = result.SourceBytes,
            DestinationBytes = result.DestinationBytes,
            Seconds = result.Seconds,
            Cosine = result.Cosine,
            Top1Agreement = result.Top1Agreement,
            Convolutions = result.Convolutions,
            Pictures = result.Examples,
            IsTrained = true,
            Warnings = result.Warnings,
        };
    }

    private sealed class Forward(IProgress<QuantizeProgress> progress) : IProgress<TrainProgress>
    {
        public void Report(TrainProgress value) => progress.Report(new QuantizeProgress(
            $"{value.Stage}, epoch {value.Epoch} of {value.Epochs}:", value.Done, value.Total));
    }
}
