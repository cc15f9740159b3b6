using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// From float steps to int8 as the runtime's x86 kernels go (x86_x64/avx/GemmInt8.cpp, CPUBinaryInt8.cpp). Each rule is
/// here for one number and for eight, with the same bits: nothing but single multiplications, additions and choices.
/// </summary>
internal static class Int8Rounding
{
    /// <summary>The number of steps from which on the runtime's conversion to int32 yields the smallest int32.</summary>
    private const float Overflow = 2147483648f;

    /// <summary>A bound that every int8 result lies within, small enough for exact integers in float.</summary>
    private const float Far = 1024;

    /// <summary>
    /// Bounds first, then rounds halves away from zero. NaN becomes the upper bound, as the instruction for a minimum
    /// yields its second operand.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static sbyte BoundThenRound(float steps, float min, float max)
    {
        float bounded = steps < max ? steps : max;
        bounded = bounded > min ? bounded : min;
        return (sbyte)(int)(bounded + MathF.CopySign(0.5f, bounded));
    }

    /// <inheritdoc cref="BoundThenRound(float, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> BoundThenRound(Vector256<float> steps, Vector256<float> min, Vector256<float> max)
    {
        Vector256<float> bounded = Vector256.ConditionalSelect(Vector256.LessThan(steps, max), steps, max);
        bounded = Vector256.ConditionalSelect(Vector256.GreaterThan(bounded, min), bounded, min);
        return Vector256.ConvertToInt32(AwayFromZero(bounded));
    }

    /// <summary>
    /// Adds half a step away from zero, cuts, then bounds. What doesn't fit an int32, NaN among it, becomes the lower
    /// bound: the conversion yields the smallest int32 for all of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static sbyte RoundThenBound(float steps, int min, int max)
    {
        float moved = steps + MathF.CopySign(0.5f, steps);
        int rounded = MathF.Abs(moved) < Overflow ? (int)MathF.Max(-Far, MathF.Min(Far, moved)) : min;
        return (sbyte)Math.Max(min, Math.Min(max, rounded));
    }

    /// <inheritdoc cref="RoundThenBound(float, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RoundThenBound(Vector256<float> steps, Vector256<int> min, Vector256<int> max)
    {
        Vector256<float> moved = AwayFromZero(steps);
        return Vector256.Max(min, Vector256.Min(max, Vector256.ConvertToInt32(Within(moved))));
    }

    /// <summary>
    /// Rounds halves away from zero like C's roundf (0.49999997 goes to 0, which adding a half would miss), then adds
    /// the zero point, then bounds. What doesn't fit an int32 becomes the lower bound.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static sbyte RoundThenShift(float steps, int zeroPoint, int min, int max)
    {
        if (!(MathF.Abs(steps) < Overflow))
        {
            return (sbyte)min;
        }

        float whole = MathF.Truncate(steps);
        float rounded = MathF.Abs(steps - whole) >= 0.5f ? whole + MathF.CopySign(1, steps) : whole;
        int shifted = (int)MathF.Max(-Far, MathF.Min(Far, rounded)) + zeroPoint;
        return (sbyte)Math.Max(min, Math.Min(max, shifted));
    }

    /// <inheritdoc cref="RoundThenShift(float, int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RoundThenShift(
        Vector256<float> steps, Vector256<int> zeroPoint, Vector256<int> min, Vector256<int> max)
    {
        Vector256<float> whole = Vector256.Truncate(steps);
        Vector256<float> farther = whole + Vector256.CopySign(Vector256<float>.One, steps);
        Vector256<float> up = Vector256.GreaterThanOrEqual(Vector256.Abs(steps - whole), Vector256.Create(0.5f));
        Vector256<float> rounded = Vector256.ConditionalSelect(up, farther, whole);
        return Vector256.Max(min, Vector256.Min(max, Vector256.ConvertToInt32(Within(rounded)) + zeroPoint));
    }

    /// <summary>
    /// Rounds halves away from zero like C's roundf, then bounds; the same rule where zero point and storage offset are
    /// in the steps already. What doesn't fit an int32 becomes the lower bound.
    /// </summary>
    public static int RoundStored(float steps, int min, int max)
    {
        float whole = MathF.Truncate(steps);
        float rounded = MathF.Abs(steps - whole) >= 0.5f ? whole + MathF.CopySign(1, steps) : whole;
        return MathF.Abs(rounded) < Overflow ? Math.Max(min, Math.Min(max, (int)rounded)) : min;
    }

    /// <summary>Eight int8 values as int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<int> Load(sbyte* source) =>
        Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsSByte()).ToVector256Unsafe());

    /// <summary>Stores eight int32 values, each of which fits, as int8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(Vector256<int> values, sbyte* destination)
    {
        Vector128<short> shorts = Vector128.Narrow(values.GetLower(), values.GetUpper());
        *(long*)destination = Vector128.Narrow(shorts, shorts).AsInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AwayFromZero(Vector256<float> x) =>
        x + Vector256.CopySign(Vector256.Create(0.5f), x);

    // Brings whatever an int32 can't hold to the lower end, and everything else near enough for an exact conversion.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Within(Vector256<float> x)
    {
        Vector256<float> fits = Vector256.LessThan(Vector256.Abs(x), Vector256.Create(Overflow));
        Vector256<float> bounded = Vector256.Max(Vector256.Create(-Far), Vector256.Min(Vector256.Create(Far), x));
        return Vector256.ConditionalSelect(fits, bounded, Vector256.Create(-Far));
    }
}
