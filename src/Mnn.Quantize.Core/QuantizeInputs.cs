namespace Mnn.Quantize;

/// <summary>
/// Every file that a run's result depends on, found without running it. A build compares their content with the last
/// time's to know whether the int8 model is still good.
/// </summary>
public sealed record QuantizeInputs
{
    /// <summary>Full path of the float model.</summary>
    public required string Model { get; init; }

    /// <summary>Full paths of the model's external weight files, in the order in which the model names them.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>Full path of the config.</summary>
    public required string Config { get; init; }

    /// <summary>
    /// What the config says, without paths and in one spelling: two configs that mean the same have the same text,
    /// however they are laid out or commented.
    /// </summary>
    public required string Settings { get; init; }

    /// <summary>Full paths of the calibration pictures that take part, in the order in which they are used.</summary>
    public required IReadOnlyList<string> Pictures { get; init; }

    /// <summary>Full paths of the folders in which a file that appears may become a picture.</summary>
    public required IReadOnlyList<string> Folders { get; init; }
}
