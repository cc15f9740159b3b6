namespace Mnn.Quantize.Kernels;

/// <summary>Functions of one int8 tensor, as the runtime computes them on x86 (CPUUnary.cpp, Int8FunctionsOpt.cpp).</summary>
internal static class ActivationInt8
{
    // From q to the byte that the runtime keeps.
    private const int StorageOffset = 128;

    // A scale's factors are kept in 2^-15.
    private const int ScaleBits = 15;

    /// <summary>The greater of q and the zero point.</summary>
    /// <param name="x">Values.</param>
    /// <param name="zeroPoint">The q that stands for 0.</param>
    /// <param name="y">As many results.</param>
    public static void Relu(ReadOnlySpan<sbyte> x, int zeroPoint, Span<sbyte> y)
    {
        sbyte zero = (sbyte)zeroPoint;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Math.Max(x[i], zero);
        }
    }

    /// <summary>x * slope below 0, rounded in the output's steps.</summary>
    /// <param name="x">[rows, slopes], or [n] with a single slope.</param>
    /// <param name="slopes">One for all, or one a channel.</param>
    /// <param name="scales">The input's scale as the first; the second isn't used.</param>
    /// <param name="y">As many results.</param>
    public static void LeakyRelu(ReadOnlySpan<sbyte> x, ReadOnlySpan<float> slopes, in BinaryScales scales, Span<sbyte> y)
    {
        float zero = scales.Zero + StorageOffset;
        for (int i = 0, channel = 0; i < x.Length; i++)
        {
            float value = (x[i] - scales.ZeroA) * scales.ScaleA;
            if (value < 0)
            {
                value *= slopes[channel];
            }

            float stored = (value * scales.Inverse) + zero;
            y[i] = (sbyte)(Int8Rounding.RoundStored(stored, scales.Min + StorageOffset, scales.Max + StorageOffset) - StorageOffset);
            channel = channel + 1 == slopes.Length ? 0 : channel + 1;
        }
    }

    /// <summary>-x, cut towards zero in the output's steps.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scales">The input's scale as the first; the second isn't used.</param>
    /// <param name="y">As many results.</param>
    public static void Negate(ReadOnlySpan<sbyte> x, in BinaryScales scales, Span<sbyte> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float steps = (-(x[i] - scales.ZeroA) * scales.ScaleA * scales.Inverse) + scales.Zero;
            y[i] = (sbyte)Math.Max(scales.Min, Math.Min(scales.Max, (int)steps));
        }
    }

    /// <summary>|x|, cut downwards in the output's steps.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scales">The input's scale as the first; the second isn't used.</param>
    /// <param name="y">As many results.</param>
    public static void Absolute(ReadOnlySpan<sbyte> x, in BinaryScales scales, Span<sbyte> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float steps = (MathF.Abs((x[i] - scales.ZeroA) * scales.ScaleA) * scales.Inverse) + scales.Zero;
            float bounded = MathF.Max(scales.Min, MathF.Min(scales.Max, steps));
            y[i] = (sbyte)((int)(bounded + StorageOffset) - StorageOffset);
        }
    }

    /// <summary>-1, 0 or 1, cut in the output's steps; the runtime sets no bounds, a byte that overflows wraps.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scales">The input's scale as the first; the second isn't used.</param>
    /// <param name="y">As many results.</param>
    public static void Sign(ReadOnlySpan<sbyte> x, in BinaryScales scales, Span<sbyte> y)
    {
        sbyte above = unchecked((sbyte)(int)(scales.Inverse + scales.Zero));
        sbyte below = unchecked((sbyte)(int)(-scales.Inverse + scales.Zero));
        for (int i = 0; i < x.Length; i++)
        {
            int value = x[i] - scales.ZeroA;
            y[i] = value > 0 ? above : value < 0 ? below : unchecked((sbyte)scales.Zero);
        }
    }

    /// <summary>x * scale + bias with a value a channel each, in integers of 2^-15.</summary>
    /// <param name="x">[rows, channels].</param>
    /// <param name="factors">[channels]: scale * input scale / output scale, in 2^-15.</param>
    /// <param name="biases">[channels]: bias / output scale, in 2^-15.</param>
    /// <param name="scales">Zero points and bounds.</param>
    /// <param name="y">As many results.</param>
    public static void Scale(
        ReadOnlySpan<sbyte> x, ReadOnlySpan<int> factors, ReadOnlySpan<int> biases, in BinaryScales scales, Span<sbyte> y)
    {
        for (int i = 0, channel = 0; i < x.Length; i++)
        {
            int value = unchecked(((x[i] - scales.ZeroA) * factors[channel]) + biases[channel]);
            int half = value < 0 ? -(1 << (ScaleBits - 1)) : 1 << (ScaleBits - 1);
            int rounded = unchecked(value + half) / (1 << ScaleBits);
            y[i] = (sbyte)Math.Max(scales.Min, Math.Min(scales.Max, rounded + scales.Zero));
            channel = channel + 1 == factors.Length ? 0 : channel + 1;
        }
    }

    /// <summary>A factor as <see cref="Scale"/> takes it: in 2^-15, rounded.</summary>
    public static int Fixed(float value)
    {
        float scaled = value * (1 << ScaleBits);
        return float.IsNaN(scaled) || MathF.Abs(scaled) >= 2147483648f
            ? int.MinValue
            : (int)MathF.Round(scaled, MidpointRounding.AwayFromZero);
    }
}
