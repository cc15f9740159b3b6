using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference;

/// <summary>Casts between float and int8, as the runtime's FloatToInt8 and Int8ToFloat do.</summary>
internal static class QuantCast
{
    /// <summary>
    /// q = round(bound(x / scale + zero point)), halves away from zero; NaN becomes the upper bound, and with a scale of
    /// 0 everything finite the zero point.
    /// </summary>
    /// <param name="source">Real values.</param>
    /// <param name="destination">Quantized values, as many.</param>
    /// <param name="quant">Scale, zero point and bounds.</param>
    public static void ToInt8(ReadOnlySpan<float> source, Span<sbyte> destination, QuantParameters quant) =>
        QuantizeInt8.FromFloat(source, Inverse(quant), quant.ZeroPoint, quant.Min, quant.Max, destination);

    /// <summary>The same for one value.</summary>
    public static sbyte ToInt8(float value, QuantParameters quant) =>
        Int8Rounding.BoundThenRound((value * Inverse(quant)) + quant.ZeroPoint, quant.Min, quant.Max);

    /// <summary>x = (q - zero point) * scale.</summary>
    public static void ToFloat(ReadOnlySpan<sbyte> source, Span<float> destination, QuantParameters quant) =>
        QuantizeInt8.ToFloat(source, quant.Scale, quant.ZeroPoint, destination);

    /// <summary>1 / scale, or 0.</summary>
    public static float Inverse(QuantParameters quant) => quant.Scale == 0 ? 0 : 1 / quant.Scale;
}
