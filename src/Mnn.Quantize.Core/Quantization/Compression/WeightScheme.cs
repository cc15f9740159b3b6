using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Quantization.Compression;

/// <summary>How the weights of one operator are stored.</summary>
/// <param name="Bits">Bits of a weight: 2 to 8 for levels, 16 for half floats, 32 for floats.</param>
/// <param name="IsAsymmetric">Whether levels have an offset of their own in each run.</param>
/// <param name="Runs">Number of runs of weights that share a scale; 0 without levels.</param>
/// <param name="Method">How scales are found.</param>
/// <param name="Note">What is unlike what the config asks for, and why; empty if nothing is.</param>
internal sealed record WeightScheme(int Bits, bool IsAsymmetric, int Runs, WeightMethod Method, string Note)
{
    /// <summary>
    /// Weights of which fewer share a scale have 8 bits whatever is asked for: the nine of a depthwise kernel take 9 bytes so and 4.5
    /// with 4 bits, beside 8 for scale and offset; few of a model's weights are of this kind, and they matter more than others.
    /// </summary>
    internal const int ShortRun = 32;

    private const int MostBits = 8;

    /// <summary>What a config makes of the weights of an operator.</summary>
    /// <param name="config">Mode, bits, block size, symmetry and method.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Weights of one input channel for one output channel: height times width.</param>
    /// <param name="weights">All weights: [outputs, inputs / groups, height, width], whose number is a multiple of both.</param>
    public static WeightScheme Of(QuantConfig config, int outputs, int kernel, int weights)
    {
        int perOutput = weights / outputs;
        if (perOutput < ShortRun && config.QuantBits < MostBits)
        {
            return new WeightScheme(
                MostBits, config.WeightAsymmetric, outputs, config.EffectiveWeightMethod, $"8 bits, since a scale has only {perOutput} weights");
        }

        int block = config.WeightBlockSize;
        int inputs = perOutput / kernel;
        bool fits = block > 0 && inputs > block && inputs % block == 0;
        string note = block > 0 && inputs > block && !fits
            ? $"a scale for each output channel, since {inputs} input channels are no multiple of {block}"
            : "";
        return new WeightScheme(
            config.QuantBits, config.WeightAsymmetric, fits ? outputs * (inputs / block) : outputs, config.EffectiveWeightMethod, note);
    }
}
