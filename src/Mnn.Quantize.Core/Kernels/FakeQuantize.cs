using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Rounds real values to those that an int8 tensor can stand for.</summary>
internal static class FakeQuantize
{
    /// <summary>x = (q - zero) * scale with q = clamp(round(x / scale + zero)), halves away from zero.</summary>
    /// <param name="values">Changed in place; none is NaN.</param>
    /// <param name="scale">Step between neighbours, positive.</param>
    /// <param name="zero">The q that stands for 0.</param>
    /// <param name="min">Smallest q.</param>
    /// <param name="max">Greatest q.</param>
    /// <param name="level">The kernel family.</param>
    public static void Run(
        Span<float> values, float scale, int zero, int min, int max, SimdLevel level = SimdLevel.Active) =>
        Elementwise.Unary(new FakeQuantizer(scale, zero, min, max), values, values, level);
}

/// <summary>The function of <see cref="FakeQuantize"/>, for kernels that round among other things.</summary>
/// <param name="scale">Step between neighbours, positive.</param>
/// <param name="zero">The q that stands for 0.</param>
/// <param name="min">Smallest q.</param>
/// <param name="max">Greatest q.</param>
internal readonly struct FakeQuantizer(float scale, float zero, float min, float max) : IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V scales = S.Broadcast(scale), zeros = S.Broadcast(zero);
        V steps = S.Add(S.Div(x, scales), zeros);
        V rounded = S.Truncate(S.Add(steps, S.Or(S.Broadcast(0.5f), S.And(steps, S.Broadcast(-0f)))));
        V q = S.Max(S.Broadcast(min), S.Min(S.Broadcast(max), rounded));
        return S.Mul(S.Sub(q, zeros), scales);
    }
}
