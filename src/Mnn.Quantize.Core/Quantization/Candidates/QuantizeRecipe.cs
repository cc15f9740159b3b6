using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Candidates;

/// <summary>What tells one int8 model of a float model from another: everything that a search may vary.</summary>
internal sealed record QuantizeRecipe
{
    /// <summary>How scales of activations are found.</summary>
    public required FeatureMethod FeatureMethod { get; init; }

    /// <summary>How scales of weights are found.</summary>
    public required WeightMethod WeightMethod { get; init; }

    /// <summary>Bits of a weight, 2 to 8.</summary>
    public required int Bits { get; init; }

    /// <summary>What is done to make up for the error of rounding.</summary>
    public Repairs Repair { get; init; }

    /// <summary>Names of operators that stay float, besides those that the config names.</summary>
    public IReadOnlySet<string> FloatOps { get; init; } = new HashSet<string>();

    /// <summary>
    /// Ids of tensors that are not rounded. The operators that make or read them compute in float; convolutions among them
    /// keep int8 weights in the file.
    /// </summary>
    public IReadOnlySet<int> FloatTensors { get; init; } = new HashSet<int>();

    /// <summary>
    /// By tensor id: what a tensor gets instead of what its statistics say; null leaves it float. A tensor whose elements
    /// only move keeps one scale with those that it shares them with.
    /// </summary>
    public IReadOnlyDictionary<int, QuantParameters?> Overrides { get; init; } = new Dictionary<int, QuantParameters?>();

    /// <summary>The recipe that a config asks for.</summary>
    public static QuantizeRecipe Of(QuantConfig config) => new()
    {
        FeatureMethod = config.FeatureMethod,
        WeightMethod = config.WeightMethod,
        Bits = config.QuantBits,
        Repair = config.Repair,
    };

    /// <summary>The config with this recipe's settings in the place of its own.</summary>
    public QuantConfig ApplyTo(QuantConfig config) => config with
    {
        FeatureMethod = FeatureMethod,
        WeightMethod = WeightMethod,
        QuantBits = Bits,
        Repair = Repair,
        SkipOps = [.. config.SkipOps, .. FloatOps.Except(config.SkipOps).Order(StringComparer.Ordinal)],
    };
}
