using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Reduces the middle axis of an array [outer, length, inner] of floats. The order of operations is fixed: with inner = 1
/// element i of a line joins lane i mod 16, and the lanes join pairwise (0 with 8, 1 with 9, ... then halves again);
/// otherwise elements join one after another. So the bits don't depend on the width of the machine's vectors.
/// </summary>
internal static class AxisReduce
{
    private const int Lanes = 16;

    /// <summary>Reduces every line.</summary>
    /// <param name="source">[outer, length, inner]</param>
    /// <param name="target">[outer, inner]</param>
    /// <param name="outer">Lines' groups.</param>
    /// <param name="length">Elements of a line; with 0 the result is the operation's start value.</param>
    /// <param name="inner">Lines that lie side by side.</param>
    /// <typeparam name="TOp">The operation.</typeparam>
    public static void Run<TOp>(ReadOnlySpan<float> source, Span<float> target, int outer, int length, int inner)
        where TOp : struct, IAxisReduction
    {
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<float> block = source.Slice(o * length * inner, length * inner);
            if (inner == 1)
            {
                target[o] = Line<TOp>(block);
            }
            else
            {
                Rows<TOp>(block, target.Slice(o * inner, inner));
            }
        }
    }

    /// <summary>Reduces one line of neighbours.</summary>
    public static float Line<TOp>(ReadOnlySpan<float> line)
        where TOp : struct, IAxisReduction
    {
        Vector256<float> low = Vector256.Create(TOp.Start);
        Vector256<float> high = low;
        int i = 0;
        for (; i <= line.Length - Lanes; i += Lanes)
        {
            low = TOp.Step(low, Vector256.Create(line[i..]));
            high = TOp.Step(high, Vector256.Create(line[(i + Vector256<float>.Count)..]));
        }

        Span<float> lanes = stackalloc float[Lanes];
        low.CopyTo(lanes);
        high.CopyTo(lanes[Vector256<float>.Count..]);
        for (int lane = 0; i < line.Length; i++, lane++)
        {
            lanes[lane] = TOp.Step(lanes[lane], line[i]);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
            {
                lanes[lane] = TOp.Join(lanes[lane], lanes[lane + half]);
            }
        }

        return lanes[0];
    }

    // Element j of each row joins element j of the target, row after row.
    private static void Rows<TOp>(ReadOnlySpan<float> rows, Span<float> target)
        where TOp : struct, IAxisReduction
    {
        target.Fill(TOp.Start);
        for (; !rows.IsEmpty; rows = rows[target.Length..])
        {
            int j = 0;
            for (; j <= target.Length - Vector256<float>.Count; j += Vector256<float>.Count)
            {
                Vector256<float> joined = TOp.Step(Vector256.Create(target[j..]), Vector256.Create(rows[j..]));
                joined.CopyTo(target[j..]);
            }

            for (; j < target.Length; j++)
            {
                target[j] = TOp.Step(target[j], rows[j]);
            }
        }
    }
}
