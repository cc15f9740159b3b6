namespace Mnn.Quantize.Quantization.Compression;

/// <summary>What became of the weights of one operator, or of a constant, in modes that compress weights alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Bits">Bits of a weight: 2 to 8, 16 for half floats, 32 where they stay as they are.</param>
/// <param name="IsAsymmetric">Whether each scale has an offset.</param>
/// <param name="Scales">How many scales there are; 0 without levels.</param>
/// <param name="Weights">How many weights.</param>
/// <param name="FloatBytes">Bytes of the weights as floats.</param>
/// <param name="Bytes">Bytes of them, scales included, as they are stored.</param>
/// <param name="SignalToNoise">10 log10(sum of w² / sum of (w - stored)²) in dB; infinite without any difference.</param>
/// <param name="Reason">Why they are stored so.</param>
public sealed record CompressedOperator(
    string Name,
    string Type,
    int Bits,
    bool IsAsymmetric,
    int Scales,
    long Weights,
    long FloatBytes,
    long Bytes,
    double SignalToNoise,
    string Reason)
{
    /// <summary>Whether they are stored in fewer bits than floats have.</summary>
    public bool IsCompressed => Bits < 32;
}
