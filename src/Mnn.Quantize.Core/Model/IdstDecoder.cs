using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Model;

/// <summary>Reads one buffer of coded weights from its start to its end; see <see cref="WeightCodec"/> for the layout.</summary>
internal ref struct IdstDecoder
{
    private const int MaxDimensions = 4;

    private readonly ReadOnlySpan<byte> buffer;
    private readonly bool shapeInt32;
    private readonly string model;
    private readonly string owner;
    private int position;

    internal IdstDecoder(ReadOnlySpan<byte> buffer, bool shapeInt32, string model, string owner)
    {
        this.buffer = buffer;
        this.shapeInt32 = shapeInt32;
        this.model = model;
        this.owner = owner;
    }

    /// <summary>Reads weights each of which has an index.</summary>
    internal sbyte[] Dense()
    {
        (_, long count) = Shape();
        sbyte[] levels = Levels();
        levels.AsSpan().Sort();
        byte[] indices = Packed(count, BitPacking.BitsFor(levels.Length));
        return Look(levels, indices);
    }

    /// <summary>Reads weights of which only those that aren't zero have an index.</summary>
    /// <param name="alpha">The file's scales; twice as many as channels if they come with minima.</param>
    internal sbyte[] Sparse(ReadOnlySpan<float> alpha)
    {
        (long channels, long count) = Shape();
        long stored = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
        int stepBits = Take(1)[0];

        // Encoders store a zero whenever a step would overflow, also behind the last weight. So the number of weights
        // is bounded by what the buffer holds.
        if (stepBits is < 1 or > 8 || count > (stored + 1) << stepBits)
        {
            throw Damaged($"{stored} steps of {stepBits} bits for {count} weights");
        }

        byte[] steps = Packed(stored, stepBits);
        sbyte[] levels = Levels();
        int bits = BitPacking.BitsFor(levels.Length);
        byte[] indices = Packed(stored, bits);
        sbyte[] present = [.. levels.Distinct().Order()];
        sbyte[] stays = Look(present, indices);
        var values = new sbyte[count];
        FillZeros(values, channels, alpha, bits);
        Scatter(values, steps, stays);
        return values;
    }

    private readonly void Scatter(Span<sbyte> values, byte[] steps, sbyte[] stays)
    {
        long place = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            place += steps[i];
            if (place >= values.Length)
            {
                throw Damaged($"weight {i} of {steps.Length} has place {place} of {values.Length}");
            }

            values[(int)place] = stays[i];
        }
    }

    /// <summary>Gives every weight the value that stands for zero.</summary>
    private static void FillZeros(Span<sbyte> values, long channels, ReadOnlySpan<float> alpha, int bits)
    {
        if (alpha.Length != 2 * channels || channels == 0)
        {
            return;
        }

        int lowest = -(1 << (bits - 1));
        int run = values.Length / (int)channels;
        for (int i = 0; i < channels; i++)
        {
            float minimum = alpha[2 * i];
            float scale = alpha[(2 * i) + 1];
            float zero = scale > 1e-6 ? MathF.Round(-minimum / scale, MidpointRounding.AwayFromZero) + lowest : lowest;
            values.Slice(i * run, run).Fill(unchecked((sbyte)(int)zero));
        }
    }

    private (long First, long Count) Shape()
    {
        int dimensions = Take(1)[0];
        if (dimensions is < 1 or > MaxDimensions)
        {
            throw Damaged($"a shape of {dimensions} dimensions");
        }

        long first = 0;
        long count = 1;
        for (int i = 0; i < dimensions; i++)
        {
            long size = shapeInt32
                ? BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)))
                : BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));
            first = i == 0 ? size : first;
            count *= size;
            if (count > Array.MaxLength)
            {
                throw Damaged($"a shape of over {Array.MaxLength} weights");
            }
        }

        return (first, count);
    }

    private sbyte[] Levels()
    {
        int count = Take(1)[0];
        return MemoryMarshal.Cast<byte, sbyte>(Take(count == 0 ? 256 : count)).ToArray();
    }

    private byte[] Packed(long count, int bits)
    {
        ReadOnlySpan<byte> packed = Take(BitPacking.Bytes(count, bits));
        var numbers = new byte[count];
        BitPacking.Unpack(packed, bits, numbers);
        return numbers;
    }

    private readonly sbyte[] Look(sbyte[] levels, byte[] indices)
    {
        var values = new sbyte[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] >= levels.Length)
            {
                throw Damaged($"weight {i} has level {indices[i]} of {levels.Length}");
            }

            values[i] = levels[indices[i]];
        }

        return values;
    }

    private ReadOnlySpan<byte> Take(long bytes)
    {
        if (bytes > buffer.Length - position)
        {
            throw Errors.WeightsTooShort(model, owner, position + bytes, buffer.Length);
        }

        ReadOnlySpan<byte> part = buffer.Slice(position, (int)bytes);
        position += (int)bytes;
        return part;
    }

    private readonly QuantizeException Damaged(string found) => Errors.WeightsDamaged(model, owner, found);
}
