using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Turns the int32 sums of a convolution into int8, with the runtime's order of operations on x86: each product and sum
/// is rounded by itself, never fused.
/// </summary>
internal static unsafe class RequantizeInt8
{
    /// <summary>
    /// A dense convolution's: q = round(bound((sum * weightScale) * ratio + bias)); NaN becomes
    /// <paramref name="max"/>.
    /// </summary>
    /// <param name="sums">[rows, channels].</param>
    /// <param name="weightScales">[channels].</param>
    /// <param name="ratio">Input scale by output scale.</param>
    /// <param name="biases">[channels], in output steps, the output's zero point included.</param>
    /// <param name="min">Smallest result.</param>
    /// <param name="max">Largest result.</param>
    /// <param name="result">[rows, channels].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">Lengths don't fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dense(
        ReadOnlySpan<int> sums, ReadOnlySpan<float> weightScales, float ratio, ReadOnlySpan<float> biases, int min,
        int max, Span<sbyte> result, SimdLevel level = SimdLevel.Active)
    {
        int channels = weightScales.Length;
        Require(sums, channels, result);
        Check.That(biases.Length == channels, "Biases and scales must be as many.");
        int vectors = VectorChannels(channels, level);
        Vector256<float> ratios = Vector256.Create(ratio), low = Vector256.Create((float)min), high = Vector256.Create((float)max);
        fixed (int* sum = sums)
        fixed (float* scale = weightScales, bias = biases)
        fixed (sbyte* q = result)
        {
            for (nint row = 0; row < sums.Length; row += channels)
            {
                nint c = 0;
                for (; c < vectors; c += Vector256<int>.Count)
                {
                    Vector256<float> steps = Vector256.ConvertToSingle(Vector256.Load(sum + row + c)) * Vector256.Load(scale + c);
                    steps = (steps * ratios) + Vector256.Load(bias + c);
                    Int8Rounding.Store(Int8Rounding.BoundThenRound(steps, low, high), q + row + c);
                }

                for (; c < channels; c++)
                {
                    q[row + c] = Int8Rounding.BoundThenRound((sum[row + c] * scale[c] * ratio) + bias[c], min, max);
                }
            }
        }
    }

    /// <summary>
    /// A depthwise convolution's, whose bias is part of the sums: q = bound(round(sum * scale)); what doesn't fit an
    /// int32, such as NaN, becomes <paramref name="min"/>.
    /// </summary>
    /// <param name="sums">[rows, channels].</param>
    /// <param name="scales">[channels]: weight scale * input scale / output scale.</param>
    /// <param name="min">Smallest result.</param>
    /// <param name="max">Largest result.</param>
    /// <param name="result">[rows, channels].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">Lengths don't fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Depthwise(
        ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, int min, int max, Span<sbyte> result,
        SimdLevel level = SimdLevel.Active)
    {
        int channels = scales.Length;
        Require(sums, channels, result);
        int vectors = VectorChannels(channels, level);
        Vector256<int> low = Vector256.Create(min), high = Vector256.Create(max);
        fixed (int* sum = sums)
        fixed (float* scale = scales)
        fixed (sbyte* q = result)
        {
            for (nint row = 0; row < sums.Length; row += channels)
            {
                nint c = 0;
                for (; c < vectors; c += Vector256<int>.Count)
                {
                    Vector256<float> steps = Vector256.ConvertToSingle(Vector256.Load(sum + row + c)) * Vector256.Load(scale + c);
                    Int8Rounding.Store(Int8Rounding.RoundThenBound(steps, low, high), q + row + c);
                }

                for (; c < channels; c++)
                {
                    q[row + c] = Int8Rounding.RoundThenBound(sum[row + c] * scale[c], min, max);
                }
            }
        }
    }

    private static void Require(ReadOnlySpan<int> sums, int channels, Span<sbyte> result) => Check.That(
        sums.Length == result.Length && (sums.IsEmpty || (channels > 0 && sums.Length % channels == 0)),
        "Sums, results and channels don't fit each other.");

    private static int VectorChannels(int channels, SimdLevel level) =>
        SimdLevels.Resolve(level) == SimdLevel.Scalar ? 0 : channels / Vector256<int>.Count * Vector256<int>.Count;
}
