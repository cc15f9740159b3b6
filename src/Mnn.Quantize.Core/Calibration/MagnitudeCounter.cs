using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Counts magnitudes of one tensor in a table that stays in the nearest cache: 16 bits a bin, of which a thread has one. From
/// there a <see cref="MagnitudeHistogram"/> takes them over.
/// </summary>
internal sealed class MagnitudeCounter
{
    /// <summary>Most values between two times that the counts are taken over: 16 bits hold them, and 255 more.</summary>
    public const int MostValues = 127 * Chunk;

    /// <summary>Slots in front of the bins; several, as an increment has to wait for the one before it on the same slot.</summary>
    public const int Unread = 32;

    /// <summary>The exponent of a counter that has met nothing but negligible values.</summary>
    public const int NoExponent = int.MinValue;

    private const int Chunk = 512;

    private const int MagnitudeBits = int.MaxValue;
    private const int InfinityBits = 0x7f800000;

    [ThreadStatic]
    private static MagnitudeCounter? t_ofThread;

    // Negligible values are counted too, and never read: a branch on them, which nothing predicts, would cost more.
    private readonly ushort[] _slots = new ushort[Unread + MagnitudeHistogram.BinCount];
    private readonly int[] _chunkSlots = new int[Chunk];
    private readonly float[] _negated = new float[Chunk];

    /// <summary>The one of the calling thread; nothing is in it.</summary>
    public static MagnitudeCounter OfThread => t_ofThread ??= new MagnitudeCounter();

    /// <summary>Bin i covers [i, i + 1) * 2^Exponent.</summary>
    public int Exponent { get; private set; }

    /// <summary>Smallest value since <see cref="Begin"/>; +infinity if none.</summary>
    public float Min { get; private set; }

    /// <summary>Greatest value since <see cref="Begin"/>; -infinity if none.</summary>
    public float Max { get; private set; }

    /// <summary>The unread slots, then one a bin.</summary>
    public Span<ushort> Slots => _slots;

    /// <summary>How many slots from the first on may hold a count; the others are 0.</summary>
    public int UsedSlots => Exponent == NoExponent
        ? Unread
        : Unread + 1 + (int)(MathF.Max(MathF.Abs(Min), MathF.Abs(Max)) * MathF.ScaleB(1, -Exponent));

    /// <summary>Begins another tensor.</summary>
    /// <param name="exponent">What <see cref="Exponent"/> is at least.</param>
    public void Begin(int exponent)
    {
        Exponent = exponent;
        (Min, Max) = (float.PositiveInfinity, float.NegativeInfinity);
    }

    /// <summary>Counts values.</summary>
    /// <param name="values">Any number; no more than <see cref="MostValues"/> between two times that slots are taken over.</param>
    /// <param name="negated">Whether max(0, -x) is counted in the place of x: the magnitudes of the negative ones.</param>
    /// <returns>False if one is not finite; not all are counted then.</returns>
    public bool Count(ReadOnlySpan<float> values, bool negated)
    {
        for (; !values.IsEmpty; values = values[Math.Min(Chunk, values.Length)..])
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(Chunk, values.Length)];
            if (!CountChunk(negated ? Negated(chunk) : chunk))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The exponent with which this magnitude falls into the upper half of the bins.</summary>
    public static int ExponentFor(float magnitude) =>
        MathF.ILogB(magnitude) - (BitOperations.Log2(MagnitudeHistogram.BinCount) - 1);

    private bool CountChunk(ReadOnlySpan<float> chunk)
    {
        int peak = FindSlots(chunk);
        if (peak >= InfinityBits)
        {
            return false;
        }

        float magnitude = BitConverter.Int32BitsToSingle(peak);
        if (magnitude > MagnitudeHistogram.Negligible && ExponentFor(magnitude) > Exponent)
        {
            Widen(ExponentFor(magnitude));
            FindSlots(chunk);
        }

        Increment(_slots, _chunkSlots.AsSpan(0, chunk.Length));
        return true;
    }

    // Bins get wider by a power of two, which moves no count across an edge.
    private void Widen(int exponent)
    {
        if (Exponent != NoExponent)
        {
            int shift = Math.Min(exponent - Exponent, 31);
            Span<ushort> bins = _slots.AsSpan(Unread);
            for (int i = 1; i < bins.Length; i++)
            {
                ushort count = bins[i];
                bins[i] = 0;
                bins[i >> shift] += count;
            }
        }

        Exponent = exponent;
    }

    // The slot of each value, an unread one if it is negligible, and the bits of the greatest magnitude. Bits of magnitudes are in
    // the order of the magnitudes, with infinity and NaN above all others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlots(ReadOnlySpan<float> values)
    {
        // The product with a power of two is exact, so a value's bin does not depend on how it was computed.
        float scale = Exponent == NoExponent ? 0 : MathF.ScaleB(1, -Exponent);
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<int>> results = MemoryMarshal.Cast<int, Vector<int>>(_chunkSlots.AsSpan());
        (Vector<float> low, Vector<float> high) = (new(float.PositiveInfinity), new(float.NegativeInfinity));
        var peaks = Vector<int>.Zero;
        var unread = new Vector<int>(Unread - 1);
        Vector<int> place = Vector<int>.Indices;
        for (int i = 0; i < vectors.Length && i < results.Length; i++)
        {
            Vector<float> value = vectors[i];
            low = Vector.MinNative(low, value);
            high = Vector.MaxNative(high, value);
            Vector<float> magnitude = Vector.Abs(value);
            peaks = Vector.Max(peaks, Vector.AsVectorInt32(magnitude));
            Vector<int> slot = Vector.ConvertToInt32Native(magnitude * scale) + new Vector<int>(Unread);
            Vector<int> negligible = Vector.LessThanOrEqual(magnitude, new Vector<float>(MagnitudeHistogram.Negligible));
            results[i] = Vector.ConditionalSelect(negligible, place & unread, slot);
            place += new Vector<int>(Vector<int>.Count);
        }

        int peak = 0;
        for (int i = 0; i < Vector<int>.Count; i++)
        {
            peak = Math.Max(peak, peaks[i]);
            Min = MathF.Min(Min, low[i]);
            Max = MathF.Max(Max, high[i]);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            float magnitude = MathF.Abs(values[i]);
            peak = Math.Max(peak, BitConverter.SingleToInt32Bits(magnitude));
            Min = MathF.Min(Min, values[i]);
            Max = MathF.Max(Max, values[i]);
            bool negligible = magnitude <= MagnitudeHistogram.Negligible;
            _chunkSlots[i] = negligible || peak >= InfinityBits ? i & (Unread - 1) : Unread + (int)(magnitude * scale);
        }

        return peak;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Increment(ushort[] counts, ReadOnlySpan<int> slots)
    {
        // FindSlots made them of magnitudes that the bins cover, so they are all within the array.
        ref ushort count = ref MemoryMarshal.GetArrayDataReference(counts);
        foreach (int slot in slots)
        {
            Unsafe.Add(ref count, (nint)(uint)slot)++;
        }
    }

    private ReadOnlySpan<float> Negated(ReadOnlySpan<float> values)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(_negated.AsSpan());
        ReadOnlySpan<Vector<float>> sources = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < sources.Length; i++)
        {
            vectors[i] = Vector.Max(Vector<float>.Zero, -sources[i]);
        }

        for (int i = sources.Length * Vector<float>.Count; i < values.Length; i++)
        {
            _negated[i] = MathF.Max(0, -values[i]);
        }

        return _negated.AsSpan(0, values.Length);
    }
}
