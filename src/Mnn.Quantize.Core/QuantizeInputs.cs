using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;

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

    /// <summary>Full paths of the calibration pictures that take part, in the order in which they are used.</summary>
    public required IReadOnlyList<string> Pictures { get; init; }

    /// <summary>Full paths of the folders in which a file that appears may become a picture.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

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
        return new QuantizeInputs
        {
            Model = MnnModel.Load(options.Source).Files,
            Config = options.Config.Length > 0 ? Path.GetFullPath(options.Config) : "",
            Settings = source.Canonical(),
            Pictures = CalibrationFiles.Find(config, warnings),
            Folders = config.Pictures is null ? [config.FullPath] : [],
        };
    }
}
