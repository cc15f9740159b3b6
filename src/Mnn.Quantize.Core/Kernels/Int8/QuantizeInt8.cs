using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>Casts between float and int8 with one scale, as the runtime's casts round (x86_x64/avx/GemmInt8.cpp).</summary>
internal static unsafe class QuantizeInt8
{
    /// <summary>
    /// q = round(bound(x * inverse + zeroPoint)), halves away from zero; NaN becomes <paramref name="max"/>.
    /// </summary>
    /// <param name="source">Real values.</param>
    /// <param name="inverse">1 / scale.</param>
    /// <param name="zeroPoint">The q that stands for 0.</param>
    /// <param name="min">Smallest q.</param>
    /// <param name="max">Largest q.</param>
    /// <param name="destination">As many.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromFloat(
        ReadOnlySpan<float> source, float inverse, int zeroPoint, int min, int max, Span<sbyte> destination,
        SimdLevel level = SimdLevel.Active)
    {
        Check.That(destination.Length >= source.Length, "The destination is too short.");
        int vectors = VectorLength(source.Length, level);
        Vector256<float> scale = Vector256.Create(inverse), zero = Vector256.Create((float)zeroPoint);
        Vector256<float> low = Vector256.Create((float)min), high = Vector256.Create((float)max);
        fixed (float* x = source)
        fixed (sbyte* q = destination)
        {
            nint i = 0;
            for (; i < vectors; i += Vector256<float>.Count)
            {
                Vector256<float> steps = (Vector256.Load(x + i) * scale) + zero;
                Int8Rounding.Store(Int8Rounding.BoundThenRound(steps, low, high), q + i);
            }

            for (; i < source.Length; i++)
            {
                q[i] = Int8Rounding.BoundThenRound((x[i] * inverse) + zeroPoint, min, max);
            }
        }
    }

    /// <summary>x = (q - zeroPoint) * scale.</summary>
    /// <param name="source">Quantized values.</param>
    /// <param name="scale">The step.</param>
    /// <param name="zeroPoint">The q that stands for 0.</param>
    /// <param name="destination">As many.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToFloat(
        ReadOnlySpan<sbyte> source, float scale, int zeroPoint, Span<float> destination, SimdLevel level = SimdLevel.Active)
    {
        Check.That(destination.Length >= source.Length, "The destination is too short.");
        int vectors = VectorLength(source.Length, level);
        Vector256<float> scales = Vector256.Create(scale);
        Vector256<int> zero = Vector256.Create(zeroPoint);
        fixed (sbyte* q = source)
        fixed (float* x = destination)
        {
            nint i = 0;
            for (; i < vectors; i += Vector256<float>.Count)
            {
                (Vector256.ConvertToSingle(Int8Rounding.Load(q + i) - zero) * scales).Store(x + i);
            }

            for (; i < source.Length; i++)
            {
                x[i] = (q[i] - zeroPoint) * scale;
            }
        }
    }

    private static int VectorLength(int length, SimdLevel level) =>
        SimdLevels.Resolve(level) == SimdLevel.Scalar ? 0 : length / Vector256<float>.Count * Vector256<float>.Count;
}
