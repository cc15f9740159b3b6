namespace Mnn.Quantize.Inference;

/// <summary>Casts between float and int8, as the runtime's FloatToInt8 and Int8ToFloat do.</summary>
internal static class QuantCast
{
    /// <summary>q = clamp(round(x / scale) + zero point), halves away from zero; NaN becomes the zero point.</summary>
    /// <param name="source">Real values.</param>
    /// <param name="destination">Quantized values, as many.</param>
    /// <param name="quant">Scale, zero point and bounds.</param>
    public static void ToInt8(ReadOnlySpan<float> source, Span<sbyte> destination, QuantParameters quant)
    {
        float inverse = quant.Scale == 0 ? 0 : 1 / quant.Scale;
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = Round(source[i] * inverse, quant);
        }
    }

    /// <summary>x = (q - zero point) * scale.</summary>
    public static void ToFloat(ReadOnlySpan<sbyte> source, Span<float> destination, QuantParameters quant)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (source[i] - quant.ZeroPoint) * quant.Scale;
        }
    }

    /// <summary>Rounds a value that is already in steps, adds the zero point and clamps.</summary>
    public static sbyte Round(float steps, QuantParameters quant)
    {
        // Clamped first: the sum with the zero point stays a small integer, exact in float.
        float bounded = MathF.Max(-512, MathF.Min(512, steps));
        float rounded = MathF.Truncate(bounded + MathF.CopySign(0.5f, bounded)) + quant.ZeroPoint;
        return float.IsNaN(rounded)
            ? (sbyte)quant.ZeroPoint
            : (sbyte)MathF.Max(quant.Min, MathF.Min(quant.Max, rounded));
    }
}
