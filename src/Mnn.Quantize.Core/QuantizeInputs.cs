using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Training.Examples;

namespace Mnn.Quantize;

/// <summary>
/// Every file that a run's result depends on, found without running it. A build compares their content with the last
/// time's to know whether the int8 model is still good.
/// </summary>
public sealed record QuantizeInputs
{
    /// <summary>Full paths of the float model and of its external weight files, in the order in which it names them.</summary>
    public required IReadOnlyList<string> Model { get; init; }

    /// <summary>Full path of the config; empty if there is none.</summary>
    public required string Config { get; init; }

    /// <summary>
    /// What the config says, in one spelling and without the path of the pictures: configs that differ only in layout,
    /// order or comments have the same text.
    /// </summary>
    public required string Settings { get; init; }

    /// <summary>
    /// Full paths of the files of data that take part, pictures or arrays, in the order in which they are used: those for
    /// calibration or, in mode <c>train</c>, those for training.
    /// </summary>
    public required IReadOnlyList<string> Pictures { get; init; }

    /// <summary>
    /// Full path of the folder below which the names of <see cref="Pictures"/> matter: they tell order and format, and which
    /// files belong to one sample.
    /// </summary>
    public required string DataRoot { get; init; }

    /// <summary>Full paths of the folders in which a file or folder that appears may become part of the data.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Full path of the file of labels, if the result depends on it; else empty.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Full path of the lock file that is obeyed; empty if there is none.</summary>
    public string Lock { get; init; } = "";

    /// <summary>Finds what a run with these options would read.</summary>
    /// <param name="options">What to quantize, with what, into what.</param>
    /// <returns>Model, external weights, config and pictures.</returns>
    /// <exception cref="QuantizeException">Config, model or pictures are missing or cannot be read.</exception>
    public static QuantizeInputs Find(QuantizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The run itself reports the warnings.
        var warnings = new List<Diagnostic>();
        ConfigSource source = options.ToConfigSource();
        QuantConfig config = source.Load(warnings);
        if (config.Mode == QuantizeMode.Train && options.LockFile is not null)
        {
            throw Errors.TrainedModelLocked(options.Source);
        }

        if (options is { Locked: true, LockFile: { } locked } && !File.Exists(locked))
        {
            throw Errors.LockUnreadable(locked, "there is no such file", null);
        }

        (IReadOnlyList<string> files, string root, IReadOnlyList<string> folders) = FindData(options, config, warnings);
        return new QuantizeInputs
        {
            Model = MnnModel.Load(options.Source).Files,
            Config = options.Config.Length > 0 ? Path.GetFullPath(options.Config) : "",
            Settings = source.Canonical(),
            Pictures = files,
            DataRoot = root,
            Folders = folders,
            Labels = config is { Mode: QuantizeMode.Auto, MaxAccuracyDrop: not null, Labels.Length: > 0 } && config.Labels != QuantConfig.LabelledByFolders
                && !options.Locked
                ? config.FullLabels
                : "",
            Lock = options.Locked && options.LockFile is { } file ? Path.GetFullPath(file) : "",
        };
    }

    private static (IReadOnlyList<string> Files, string Root, IReadOnlyList<string> Folders) FindData(
        QuantizeOptions options, QuantConfig config, ICollection<Diagnostic> warnings)
    {
        if (config.Mode == QuantizeMode.Train)
        {
            var examples = TrainData.Find(config, warnings);
            return (examples.Files, examples.Root, examples.Folders);
        }

        CalibrationData data = config.CompressesOnly && !options.Locked
            ? QuantizePipeline.DataIfAny(config, options.Source, warnings)
            : options.Locked
            ? QuantizePipeline.FindSamples(options) ?? new CalibrationData(Path.GetDirectoryName(Path.GetFullPath(options.Source))!, [], [], [])
            : CalibrationData.Find(config, warnings);
        return (data.Files, data.Root, data.Folders);
    }
}
