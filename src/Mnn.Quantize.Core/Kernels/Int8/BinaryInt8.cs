using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>Functions of two int8 tensors, each with its scale, as the runtime computes them (Int8FunctionsOpt.cpp).</summary>
internal static unsafe class BinaryInt8
{
    // Minima and maxima are compared in 2^-16.
    private const int ExtremeBits = 16;

    /// <summary>
    /// A function of real values: (a - zeroA) * scaleA and (b - zeroB) * scaleB through <typeparamref name="T"/>, times
    /// <see cref="BinaryScales.Inverse"/>, rounded, moved by the zero point and bounded.
    /// </summary>
    /// <typeparam name="T">The function.</typeparam>
    /// <param name="op">Its parameters.</param>
    /// <param name="a">[n], or [1] for one value for all.</param>
    /// <param name="b">[n], or [1].</param>
    /// <param name="scales">Scales, zero points and bounds.</param>
    /// <param name="result">[n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">Lengths don't fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        T op, ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b, in BinaryScales scales, Span<sbyte> result,
        SimdLevel level = SimdLevel.Active)
        where T : struct, IBinaryOperator
    {
        int n = result.Length, aStep = Step(a, n), bStep = Step(b, n);
        BinaryScales s = scales;
        Vector256<int> zeroA = Vector256.Create(s.ZeroA), zeroB = Vector256.Create(s.ZeroB), zero = Vector256.Create(s.Zero);
        Vector256<int> low = Vector256.Create(s.Min), high = Vector256.Create(s.Max);
        int vectors = SimdLevels.Resolve(level) == SimdLevel.Scalar ? 0 : n / Vector256<int>.Count * Vector256<int>.Count;
        fixed (sbyte* pa = a, pb = b, q = result)
        {
            nint i = 0;
            for (; i < vectors; i += Vector256<int>.Count)
            {
                Vector256<int> left = aStep == 0 ? Vector256.Create((int)*pa) : Int8Rounding.Load(pa + i);
                Vector256<int> right = bStep == 0 ? Vector256.Create((int)*pb) : Int8Rounding.Load(pb + i);
                Vector256<float> value = op.Apply<Simd256, Vector256<float>>(
                    Vector256.ConvertToSingle(left - zeroA) * s.ScaleA, Vector256.ConvertToSingle(right - zeroB) * s.ScaleB);
                Int8Rounding.Store(Int8Rounding.RoundThenShift(value * s.Inverse, zero, low, high), q + i);
            }

            for (; i < n; i++)
            {
                float left = (pa[i * aStep] - s.ZeroA) * s.ScaleA, right = (pb[i * bStep] - s.ZeroB) * s.ScaleB;
                q[i] = Int8Rounding.RoundThenShift(
                    op.Apply<SimdScalar, float>(left, right) * s.Inverse, s.Zero, s.Min, s.Max);
            }
        }
    }

    /// <summary>
    /// The lesser or the greater, in integers: (a - zeroA) * int(scaleA * 2^16), rounded by 2^16. The output's scale
    /// doesn't occur; the runtime takes it for that of the inputs.
    /// </summary>
    /// <param name="greater">Which.</param>
    /// <param name="a">[n], or [1] for one value for all.</param>
    /// <param name="b">[n], or [1].</param>
    /// <param name="scales">Scales, zero points and bounds.</param>
    /// <param name="result">[n].</param>
    /// <exception cref="ArgumentException">Lengths don't fit.</exception>
    public static void Extreme(
        bool greater, ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b, in BinaryScales scales, Span<sbyte> result)
    {
        int aStep = Step(a, result.Length), bStep = Step(b, result.Length);
        int scaleA = (int)(long)(scales.ScaleA * (1 << ExtremeBits)), scaleB = (int)(long)(scales.ScaleB * (1 << ExtremeBits));
        for (int i = 0; i < result.Length; i++)
        {
            int left = unchecked((a[i * aStep] - scales.ZeroA) * scaleA);
            int right = unchecked((b[i * bStep] - scales.ZeroB) * scaleB);
            int value = greater ? Math.Max(left, right) : Math.Min(left, right);
            int half = value < 0 ? -(1 << (ExtremeBits - 1)) : 1 << (ExtremeBits - 1);
            int rounded = unchecked(value + half) / (1 << ExtremeBits);
            result[i] = (sbyte)Math.Max(scales.Min, Math.Min(scales.Max, rounded + scales.Zero));
        }
    }

    private static int Step(ReadOnlySpan<sbyte> operand, int n)
    {
        Check.That(operand.Length == 1 || operand.Length >= n, "An operand must have one value, or as many as the result.");
        return operand.Length == 1 ? 0 : 1;
    }
}

/// <summary>Scales, zero points and bounds of a function of two int8 tensors.</summary>
/// <param name="ScaleA">Step of the first.</param>
/// <param name="ZeroA">Zero point of the first.</param>
/// <param name="ScaleB">Step of the second.</param>
/// <param name="ZeroB">Zero point of the second.</param>
/// <param name="Inverse">1 / step of the result, or 0.</param>
/// <param name="Zero">Zero point of the result.</param>
/// <param name="Min">Smallest result.</param>
/// <param name="Max">Largest result.</param>
internal readonly record struct BinaryScales(
    float ScaleA, int ZeroA, float ScaleB, int ZeroB, float Inverse, int Zero, int Min, int Max);
