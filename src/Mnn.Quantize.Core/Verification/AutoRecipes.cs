using Mnn.Quantize.Configuration;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Verification;

/// <summary>The ways to make an int8 model that mode <c>auto</c> tries.</summary>
internal static class AutoRecipes
{
    private const Repairs Outer = Repairs.Equalization | Repairs.FloatOutputs;
    private const Repairs Inner = Outer | Repairs.BiasCorrection | Repairs.Rounding;

    // What serves most models comes first, so that a small budget tries it.
    private static readonly (FeatureMethod Method, Repairs Repair)[] s_equalized =
    [
        (FeatureMethod.MSE, Repairs.Default),
        (FeatureMethod.MSE, Repairs.Default & ~Repairs.BiasCorrection),
        (FeatureMethod.MSE, Repairs.Default & ~Repairs.Rounding),
        (FeatureMethod.PERCENTILE, Inner),
        (FeatureMethod.PERCENTILE, Outer),
        (FeatureMethod.EMA, Inner),
        (FeatureMethod.EMA, Outer),
        (FeatureMethod.ADMM, Outer),
        (FeatureMethod.ADMM, Repairs.Equalization),
        (FeatureMethod.KL, Repairs.Equalization),
    ];

    // What no repair touched is among them, so that repairs that do harm are never chosen.
    private static readonly (FeatureMethod Method, Repairs Repair)[] s_asTheyAre =
    [
        (FeatureMethod.KL, Repairs.None),
        (FeatureMethod.KL, Repairs.BiasCorrection | Repairs.FloatOutputs),
        (FeatureMethod.MSE, Repairs.Default & ~Repairs.Equalization),
    ];

    /// <summary>The recipes, in the order in which they are tried.</summary>
    /// <param name="config">The settings that hold for all of them.</param>
    /// <param name="equalized">Those for a model whose channels are equalized, or for one as it is.</param>
    public static IEnumerable<QuantizeRecipe> All(QuantConfig config, bool equalized)
    {
        QuantizeRecipe given = QuantizeRecipe.Of(config);
        return (equalized ? s_equalized : s_asTheyAre).Select(w => given with { FeatureMethod = w.Method, Repair = w.Repair });
    }

    /// <summary>What a table calls a recipe.</summary>
    public static string Name(QuantizeRecipe recipe)
    {
        string ranges = recipe.Repair.HasFlag(Repairs.Ranges) ? "ranges" : recipe.FeatureMethod.ToString();
        string equalized = recipe.Repair.HasFlag(Repairs.Equalization) ? " + equalization" : "";
        string bias = recipe.Repair.HasFlag(Repairs.BiasCorrection) ? " + bias_correction" : "";
        string outputs = recipe.Repair.HasFlag(Repairs.FloatOutputs) ? " + float_outputs" : "";
        string rounding = recipe.Repair.HasFlag(Repairs.Rounding) ? " + rounding" : "";
        return ranges + equalized + bias + outputs + rounding;
    }
}
