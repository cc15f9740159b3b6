using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>From values to counts.</summary>
internal sealed partial class MagnitudeHistogram
{
    private const int Lanes = 4;

    // A lane is a row of counts of its own, the first of which counts the negligible values.
    private const int LaneSlots = BinCount + 8;

    // From this many values on the lanes repay that they are added up and cleared after each tensor.
    private const int WorthLanes = 32 * 1024;

    // Neighbouring values are often equal (zeros above all), and an increment has to wait for the one before it on the same
    // slot; on a lane of its own it hasn't. One set of lanes a thread stays in the processor's cache, where one a histogram
    // would be fetched from memory for each tensor.
    [ThreadStatic]
    private static uint[]? t_lanes;

    private void Count(ReadOnlySpan<float> values)
    {
        // The product with a power of two is exact, so a value's bin does not depend on how it was computed.
        float scale = MathF.ScaleB(1, -_exponent);
        if (values.Length >= WorthLanes)
        {
            uint[] lanes = t_lanes ??= new uint[Lanes * LaneSlots];
            CountInLanes(values, scale, lanes);
            TakeOver(lanes);
        }
        else
        {
            CountHere(values, scale);
        }
    }

    private static void CountInLanes(ReadOnlySpan<float> values, float scale, uint[] lanes)
    {
        Span<int> slots = stackalloc int[Chunk];
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            ReadOnlySpan<float> part = values[..Math.Min(Chunk, values.Length)];
            Slots(part, scale, LaneSlots, slots);
            Increment(lanes, slots[..part.Length]);
        }
    }

    private static void Increment(uint[] lanes, ReadOnlySpan<int> slots)
    {
        // Slots made them of magnitudes that the bins cover, so they are all within the array.
        ref uint pending = ref MemoryMarshal.GetArrayDataReference(lanes);
        int i = 0;
        for (; i <= slots.Length - Lanes; i += Lanes)
        {
            Unsafe.Add(ref pending, (nint)(uint)slots[i])++;
            Unsafe.Add(ref pending, (nint)(uint)slots[i + 1])++;
            Unsafe.Add(ref pending, (nint)(uint)slots[i + 2])++;
            Unsafe.Add(ref pending, (nint)(uint)slots[i + 3])++;
        }

        for (; i < slots.Length; i++)
        {
            Unsafe.Add(ref pending, (nint)(uint)slots[i])++;
        }
    }

    private void TakeOver(uint[] lanes)
    {
        ReadOnlySpan<uint> first = lanes.AsSpan(1, BinCount);
        ReadOnlySpan<uint> second = lanes.AsSpan(LaneSlots + 1, BinCount);
        ReadOnlySpan<uint> third = lanes.AsSpan((2 * LaneSlots) + 1, BinCount);
        ReadOnlySpan<uint> fourth = lanes.AsSpan((3 * LaneSlots) + 1, BinCount);
        Span<long> counts = _counts;
        for (int i = 0; i < counts.Length; i++)
        {
            // A tensor has fewer than 2^31 values.
            counts[i] += first[i] + second[i] + third[i] + fourth[i];
        }

        Array.Clear(lanes);
    }

    private void CountHere(ReadOnlySpan<float> values, float scale)
    {
        Span<int> slots = stackalloc int[Chunk];
        Span<long> counts = _counts;
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            ReadOnlySpan<float> part = values[..Math.Min(Chunk, values.Length)];
            Slots(part, scale, 0, slots);
            foreach (int slot in slots[..part.Length])
            {
                if (slot > 0)
                {
                    counts[slot - 1]++;
                }
            }
        }
    }

    // slot = lane * stride + bin + 1, bin -1 standing for a negligible value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slots(ReadOnlySpan<float> values, float scale, int stride, Span<int> slots)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<int>> results = MemoryMarshal.Cast<int, Vector<int>>(slots);
        Vector<int> lanes = (Vector<int>.Indices & new Vector<int>(Lanes - 1)) * stride;
        Vector<int> shifted = lanes + Vector<int>.One;
        var factor = new Vector<float>(scale);
        var negligible = new Vector<float>(Negligible);
        for (int i = 0; i < vectors.Length; i++)
        {
            Vector<float> magnitude = Vector.Abs(vectors[i]);
            Vector<int> slot = Vector.ConvertToInt32Native(magnitude * factor) + shifted;
            results[i] = Vector.ConditionalSelect(Vector.LessThanOrEqual(magnitude, negligible), lanes, slot);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            float magnitude = MathF.Abs(values[i]);
            int bin = magnitude <= Negligible ? -1 : (int)(magnitude * scale);
            slots[i] = ((i & (Lanes - 1)) * stride) + bin + 1;
        }
    }
}
