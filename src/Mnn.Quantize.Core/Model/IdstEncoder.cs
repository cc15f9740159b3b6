using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Model;

/// <summary>Writes buffers of coded weights; see <see cref="WeightCodec"/> for the layout.</summary>
internal static class IdstEncoder
{
    /// <summary>
    /// Up to here the runtime keeps weights packed in memory, if the levels are all 2^bits and the coding is dense: no
    /// smaller file is worth losing that. Above, only the levels that occur are stored.
    /// </summary>
    private const int MaxPackedBits = 4;

    /// <summary>Whether a size doesn't fit into 16 bits, so that all are stored in 32.</summary>
    internal static bool NeedsInt32(int oc, int k) => Math.Max(oc, k) > ushort.MaxValue;

    /// <summary>The smallest coding, dense if two are equal.</summary>
    /// <param name="values">The quantized weights: [oc, k].</param>
    /// <param name="oc">Output channels.</param>
    /// <param name="k">Weights an output channel.</param>
    /// <param name="bits">2 to 8.</param>
    internal static (sbyte[] Buffer, bool Sparse) Encode(ReadOnlySpan<sbyte> values, int oc, int k, int bits)
    {
        (Levels levels, bool[] occurs) = LevelsOf(values, bits);
        SparsePlan? plan = bits > MaxPackedBits ? SparsePlan.Best(values, occurs) : null;
        long header = 1 + (NeedsInt32(oc, k) ? 8 : 4);
        long dense = header + levels.Bytes + BitPacking.Bytes(values.Length, levels.Bits);
        if (plan is null || dense <= header + plan.Bytes)
        {
            return (WriteDense(values, oc, k, levels), false);
        }
        else
        {
            var writer = new Writer(header + plan.Bytes, oc, k);
            (byte[] steps, sbyte[] stays) = plan.Walk(values);
            writer.Put(steps.Length);
            writer.Put((byte)plan.StepBits);
            writer.PutPacked(steps, plan.StepBits);
            writer.Put(plan.Levels);
            writer.PutPacked(plan.Levels.IndicesOf(stays), plan.Levels.Bits);
            return (writer.Buffer, true);
        }
    }

    /// <summary>The dense coding, whatever its size: in a sparse one, zeros of asymmetric weights would be levels of their own.</summary>
    /// <param name="values">The quantized weights: [oc, k].</param>
    /// <param name="oc">Output channels.</param>
    /// <param name="k">Weights an output channel.</param>
    /// <param name="bits">2 to 8.</param>
    internal static sbyte[] EncodeDense(ReadOnlySpan<sbyte> values, int oc, int k, int bits) =>
        WriteDense(values, oc, k, LevelsOf(values, bits).Levels);

    private static sbyte[] WriteDense(ReadOnlySpan<sbyte> values, int oc, int k, Levels levels)
    {
        long bytes = 1 + (NeedsInt32(oc, k) ? 8 : 4) + levels.Bytes + BitPacking.Bytes(values.Length, levels.Bits);
        var writer = new Writer(bytes, oc, k);
        writer.Put(levels);
        writer.PutPacked(levels.IndicesOf(values), levels.Bits);
        return writer.Buffer;
    }

    private static (Levels Levels, bool[] Occurs) LevelsOf(ReadOnlySpan<sbyte> values, int bits)
    {
        int half = 1 << (bits - 1);
        bool[] occurs = Occurring(values, half);
        var levels = new Levels(occurs);
        if (bits <= MaxPackedBits || levels.LookPacked)
        {
            Array.Fill(occurs, true, 128 - half, 2 * half);
            levels = new Levels(occurs);
        }

        return (levels, occurs);
    }

    /// <summary>Which of the values -128 to 127 occur: [256].</summary>
    private static bool[] Occurring(ReadOnlySpan<sbyte> values, int half)
    {
        var occurs = new bool[256];
        foreach (sbyte value in values)
        {
            if (value < -half || value >= half)
            {
                throw new ArgumentOutOfRangeException(nameof(values), value, "A weight exceeds its bits.");
            }

            occurs[value + 128] = true;
        }

        return occurs;
    }

    /// <summary>The values that get an index, in rising order.</summary>
    private sealed class Levels
    {
        private readonly byte[] indexOf = new byte[256];

        internal Levels(bool[] occurs)
        {
            for (int i = 0; i < occurs.Length; i++)
            {
                if (occurs[i])
                {
                    indexOf[i] = (byte)Values.Count;
                    Values.Add((sbyte)(i - 128));
                }
            }

            // No weights, no levels: but a count of 0 would be read as 256.
            if (Values.Count == 0)
            {
                Values.Add(0);
            }
        }

        internal List<sbyte> Values { get; } = [];

        internal int Bits => BitPacking.BitsFor(Values.Count);

        internal int Bytes => 1 + Values.Count;

        /// <summary>Whether they are just those of a packed width, for which the runtime would take the weights.</summary>
        internal bool LookPacked =>
            Bits <= MaxPackedBits && Values.Count == 1 << Bits && Values[0] == -Values.Count / 2
            && Values[^1] == (Values.Count / 2) - 1;

        internal byte[] IndicesOf(ReadOnlySpan<sbyte> values)
        {
            var indices = new byte[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                indices[i] = indexOf[values[i] + 128];
            }

            return indices;
        }
    }

    /// <summary>A sparse coding: bits of a step, number of steps, levels.</summary>
    private sealed class SparsePlan
    {
        private int count;

        internal required int StepBits { get; init; }

        internal required Levels Levels { get; init; }

        /// <summary>Bytes behind the shape.</summary>
        internal long Bytes =>
            sizeof(uint) + 1 + BitPacking.Bytes(count, StepBits) + Levels.Bytes + BitPacking.Bytes(count, Levels.Bits);

        /// <summary>The plan with the fewest bytes, or null if there is nothing to store.</summary>
        internal static SparsePlan? Best(ReadOnlySpan<sbyte> values, bool[] occurs)
        {
            bool[] nonzero = [.. occurs];
            nonzero[128] = false;
            var without = new Levels(nonzero);
            var with = new Levels([.. nonzero.Select((occurring, i) => occurring || i == 128)]);
            SparsePlan? best = null;
            for (int bits = 1; bits <= 8; bits++)
            {
                (int count, bool fillers) = Count(values, (1 << bits) - 1);
                var plan = new SparsePlan { StepBits = bits, Levels = fillers ? with : without, count = count };
                best = count > 0 && (best is null || plan.Bytes < best.Bytes) ? plan : best;
            }

            return best;
        }

        /// <summary>The steps and the value after each.</summary>
        internal (byte[] Steps, sbyte[] Stays) Walk(ReadOnlySpan<sbyte> values)
        {
            var steps = new byte[count];
            var stays = new sbyte[count];
            int longest = (1 << StepBits) - 1;
            int last = 0;
            int next = 0;
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] != 0 || i - last >= longest)
                {
                    steps[next] = (byte)(i - last);
                    stays[next++] = values[i];
                    last = i;
                }
            }

            return (steps, stays);
        }

        private static (int Count, bool Fillers) Count(ReadOnlySpan<sbyte> values, int longest)
        {
            int last = 0;
            int count = 0;
            bool fillers = false;
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] != 0 || i - last >= longest)
                {
                    fillers |= values[i] == 0;
                    last = i;
                    count++;
                }
            }

            return (count, fillers);
        }
    }

    private sealed class Writer
    {
        private int position;

        internal Writer(long bytes, int oc, int k)
        {
            Buffer = new sbyte[bytes];
            Put((byte)2);
            if (NeedsInt32(oc, k))
            {
                Put(oc);
                Put(k);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(Next(sizeof(ushort)), (ushort)oc);
                BinaryPrimitives.WriteUInt16LittleEndian(Next(sizeof(ushort)), (ushort)k);
            }
        }

        internal sbyte[] Buffer { get; }

        internal void Put(byte value) => Next(1)[0] = value;

        internal void Put(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), value);

        internal void Put(Levels levels)
        {
            Put((byte)levels.Values.Count);
            CollectionsMarshal.AsSpan(levels.Values).CopyTo(MemoryMarshal.Cast<byte, sbyte>(Next(levels.Values.Count)));
        }

        internal void PutPacked(byte[] numbers, int bits) =>
            BitPacking.Pack(numbers, bits, Next((int)BitPacking.Bytes(numbers.Length, bits)));

        private Span<byte> Next(int bytes)
        {
            Span<byte> part = MemoryMarshal.AsBytes(Buffer.AsSpan(position, bytes));
            position += bytes;
            return part;
        }
    }
}
