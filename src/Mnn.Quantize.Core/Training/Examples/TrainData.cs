using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Training.Examples;

/// <summary>All data of a training, found but not read.</summary>
/// <param name="Training">What it trains with.</param>
/// <param name="Validation">What it is evaluated with; null takes a share of the former, or nothing.</param>
internal sealed record TrainData(ExampleSource Training, ExampleSource? Validation)
{
    /// <summary>Full paths of all files.</summary>
    public IReadOnlyList<string> Files => [.. Training.Files, .. Validation?.Files ?? []];

    /// <summary>Full paths of the folders in which something that appears may become part of the data.</summary>
    public IReadOnlyList<string> Folders => [.. Training.Folders.Concat(Validation?.Folders ?? []).Distinct()];

    /// <summary>Full path of the deepest folder with all files in it.</summary>
    public string Root => Validation is null ? Training.Root : CalibrationData.CommonFolder(Files);

    /// <summary>Finds what a config names.</summary>
    /// <exception cref="QuantizeException">It is missing, or of no kind that is known.</exception>
    public static TrainData Find(QuantConfig config, ICollection<Diagnostic> warnings)
    {
        TrainConfig train = config.Train;
        return new TrainData(
            ExampleSource.Find(config, train.Data, train.Labels, warnings),
            train.ValidationData.Length > 0
                ? ExampleSource.Find(config, train.ValidationData, train.ValidationLabels, warnings)
                : null);
    }
}
