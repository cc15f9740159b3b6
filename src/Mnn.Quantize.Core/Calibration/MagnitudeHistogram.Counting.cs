using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>From values to counts.</summary>
internal sealed partial class MagnitudeHistogram
{
    private const int Lanes = 4;

    // A lane is a row of slots of its own, laid out as _slots is.
    private const int LaneSlots = Unread + BinCount;

    // From this many values on the lanes repay that they are added up and cleared after each tensor.
    private const int WorthLanes = 32 * 1024;

    // Neighbouring values are often equal, and an increment has to wait for the one before it on the same slot; on a lane of
    // its own it hasn't. One set of lanes a thread stays in the processor's cache, where one a histogram
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeOver(uint[] lanes)
    {
        ref uint lane = ref MemoryMarshal.GetArrayDataReference(lanes);
        for (int i = 0; i <= _slots.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            Vector<uint> sum = Taken(ref lane, i) + Taken(ref lane, i + LaneSlots)
                + Taken(ref lane, i + (2 * LaneSlots)) + Taken(ref lane, i + (3 * LaneSlots));
            ref uint slots = ref _slots[i];
            (Vector.LoadUnsafe(ref slots) + sum).StoreUnsafe(ref slots);
        }
    }

    // Reads some slots of a lane and clears them for the next tensor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Taken(ref uint lanes, int slot)
    {
        ref uint source = ref Unsafe.Add(ref lanes, slot);
        Vector<uint> taken = Vector.LoadUnsafe(ref source);
        Vector<uint>.Zero.StoreUnsafe(ref source);
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountHere(ReadOnlySpan<float> values, float scale)
    {
        // As in Increment, all slots are within the array.
        ref uint counts = ref MemoryMarshal.GetArrayDataReference(_slots);
        Span<int> slots = stackalloc int[Chunk];
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            ReadOnlySpan<float> part = values[..Math.Min(Chunk, values.Length)];
            Slots(part, scale, 0, slots);
            foreach (int slot in slots[..part.Length])
            {
                Unsafe.Add(ref counts, (nint)(uint)slot)++;
            }
        }
    }

    // slot = lane * stride + unread + bin; one of the unread ones for a negligible value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slots(ReadOnlySpan<float> values, float scale, int stride, Span<int> slots)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<int>> results = MemoryMarshal.Cast<int, Vector<int>>(slots);
        Vector<int> lanes = (Vector<int>.Indices & new Vector<int>(Lanes - 1)) * stride;
        Vector<int> unread = lanes + (Vector<int>.Indices & new Vector<int>(Unread - 1));
        Vector<int> shifted = lanes + new Vector<int>(Unread);
        var factor = new Vector<float>(scale);
        var negligible = new Vector<float>(Negligible);
        for (int i = 0; i < vectors.Length; i++)
        {
            Vector<float> magnitude = Vector.Abs(vectors[i]);
            Vector<int> slot = Vector.ConvertToInt32Native(magnitude * factor) + shifted;
            results[i] = Vector.ConditionalSelect(Vector.LessThanOrEqual(magnitude, negligible), unread, slot);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            float magnitude = MathF.Abs(values[i]);
            int slot = magnitude <= Negligible ? i & (Unread - 1) : Unread + (int)(magnitude * scale);
            slots[i] = ((i & (Lanes - 1)) * stride) + slot;
        }
    }
}
