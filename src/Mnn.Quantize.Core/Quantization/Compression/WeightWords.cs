using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Quantization.Compression;

/// <summary>What is done to weights, in words.</summary>
internal static class WeightWords
{
    /// <summary>What a config asks for, such as <c>4-bit weights, asymmetric, a scale for 32 input channels</c>.</summary>
    /// <param name="config">With a mode that compresses weights alone.</param>
    public static string Of(QuantConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Mode == QuantizeMode.Fp16
            ? "half floats"
            : $"{config.QuantBits}-bit weights, {(config.WeightAsymmetric ? "asymmetric" : "symmetric")}, a scale for "
                + (config.WeightBlockSize > 0 ? $"{config.WeightBlockSize} input channels" : "each output channel");
    }

    /// <summary>How the weights of one operator are stored, and why unlike the config if they are.</summary>
    /// <param name="compressed">What became of them.</param>
    public static string Of(CompressedOperator compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        string form = compressed.Bits switch
        {
            32 => "float weights",
            16 => "half floats",
            _ => $"{compressed.Bits}-bit weights, {(compressed.IsAsymmetric ? "asymmetric" : "symmetric")}, {compressed.Scales} scales",
        };
        return compressed.Reason.Length > 0 ? $"{form}: {compressed.Reason}" : form;
    }
}
