using System.Buffers.Binary;
using System.Text;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

/// <summary>
/// Builds FlatBuffers files by another hand than the writer under test: from the end to the start, children before
/// parents, the vtable behind its table, as the FlatBuffers library's own builder goes. Positions count from the end.
/// </summary>
internal sealed class HandBuilder
{
    private readonly List<byte> reversed = [];

    /// <summary>Bytes so far: the position of what was written last.</summary>
    internal int Position => reversed.Count;

    internal int String(string text) => Raw(Encoding.UTF8.GetBytes(text), terminated: true);

    /// <summary>A vector of bytes, with or without the zero that ends a string.</summary>
    internal int Raw(byte[] bytes, bool terminated = false)
    {
        Align(4, 4 + bytes.Length + (terminated ? 1 : 0));
        if (terminated)
        {
            Push([0]);
        }

        Push(bytes);
        return UInt32((uint)bytes.Length);
    }

    internal int Ints(params int[] values)
    {
        Align(4, 4 * values.Length);
        foreach (int value in values.Reverse())
        {
            UInt32((uint)value);
        }

        return UInt32((uint)values.Length);
    }

    internal int Longs(params long[] values)
    {
        Align(8, 8 * values.Length);
        foreach (long value in values.Reverse())
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            Push(bytes);
        }

        return UInt32((uint)values.Length);
    }

    /// <summary>A vector of offsets to things written before.</summary>
    internal int Offsets(params int[] targets)
    {
        Align(4, 4 * targets.Length);
        foreach (int target in targets.Reverse())
        {
            UInt32((uint)(Position + 4 - target));
        }

        return UInt32((uint)targets.Length);
    }

    /// <summary>A table: the fields' bytes by slot; an offset field gives the position of its target.</summary>
    internal int Table(params (int Slot, byte[]? Scalar, int Target)[] fields)
    {
        int slots = fields.Length == 0 ? 0 : fields.Max(field => field.Slot) + 1;
        var vtable = new ushort[2 + slots];
        int size = 4 + fields.Sum(field => field.Scalar is { Length: 8 } ? 16 : 4);
        Align(2, 2 * vtable.Length);
        vtable[0] = (ushort)(2 * vtable.Length);
        vtable[1] = (ushort)size;
        int vtableEnd = Position;
        int vtableStart = vtableEnd + (2 * vtable.Length);

        // The table comes before the vtable, so its end is known first; each field gets a cell of four or eight bytes.
        int tableEnd = vtableStart;
        while (tableEnd % 8 != 0)
        {
            tableEnd++;
        }

        int tableStart = tableEnd + size;
        while (tableStart % 8 != 0)
        {
            tableStart++;
            tableEnd++;
        }

        var table = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(table, vtableStart - tableStart);
        int next = 4;
        foreach ((int slot, byte[]? scalar, int target) in fields)
        {
            if (scalar is { Length: 8 })
            {
                next += (8 - (next % 8)) % 8;
            }

            vtable[2 + slot] = (ushort)next;
            if (scalar is null)
            {
                BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(next), tableStart - next - target);
            }
            else
            {
                scalar.CopyTo(table, next);
            }

            next += scalar is { Length: 8 } ? 8 : 4;
        }

        foreach (ushort entry in vtable.Reverse())
        {
            Push([(byte)entry, (byte)(entry >> 8)]);
        }

        while (Position < tableEnd)
        {
            Push([0]);
        }

        Push(table);
        return Position;
    }

    /// <summary>The finished file.</summary>
    internal byte[] Finish(int root)
    {
        Align(8, 4);
        UInt32((uint)(Position + 4 - root));
        return [.. Enumerable.Reverse(reversed)];
    }

    private int UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Push(bytes);
    }

    private int Push(byte[] bytes)
    {
        reversed.AddRange(Enumerable.Reverse(bytes));
        return Position;
    }

    /// <summary>Pads so that the position after <paramref name="bytes"/> more bytes is a multiple.</summary>
    private void Align(int alignment, int bytes)
    {
        while ((Position + bytes) % alignment != 0)
        {
            reversed.Add(0);
        }
    }
}
