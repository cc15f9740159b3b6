using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>
/// Checked access to a file's bytes. Positions are computed in 64 bits from unsigned 32-bit offsets, so that none can
/// wrap around. Hosts are little endian, like the format.
/// </summary>
internal ref struct FlatReader
{
    /// <summary>Tables may be nested this deep, as in the verifier of the FlatBuffers library.</summary>
    internal const int MaxDepth = 64;

    /// <summary>
    /// Parts of a file may be shared (builders share strings), but all parts together, each counted as often as it is
    /// read, may be at most this many times the file. Without it, a small file could unfold into any amount of memory.
    /// </summary>
    private const int MaxSharing = 4;

    private readonly ReadOnlySpan<byte> data;
    private long budget;
    private int depth;

    internal FlatReader(ReadOnlySpan<byte> data, string file)
    {
        this.data = data;
        File = file;
        budget = (long)MaxSharing * data.Length;
    }

    /// <summary>Name of the file, for messages.</summary>
    internal string File { get; }

    /// <summary>Position of the root table.</summary>
    internal readonly long Root()
    {
        if (data.Length < 8)
        {
            throw Errors.ModelNotMnn(File, $"it has {data.Length} bytes, too few for any model");
        }

        long root = BinaryPrimitives.ReadUInt32LittleEndian(data);
        return root <= data.Length - 4
            ? root
            : throw Errors.ModelNotMnn(File, $"its first four bytes point to byte {root} of {data.Length}");
    }

    /// <summary>Checks a table's head and vtable; each Enter needs a <see cref="Leave"/>.</summary>
    internal TableView Enter(long position, string table)
    {
        if (++depth > MaxDepth)
        {
            throw Errors.ModelTooDeep(File, table, MaxDepth);
        }

        Need(position, sizeof(int), table);
        long vtable = position - BinaryPrimitives.ReadInt32LittleEndian(data[(int)position..]);
        if (vtable < 0)
        {
            throw Errors.ModelDamaged(File, $"table {table} at byte {position}", "its vtable lies before the file");
        }

        Need(vtable, 2 * sizeof(ushort), table);
        int vtableSize = ReadUInt16((int)vtable);
        int size = ReadUInt16((int)vtable + 2);
        if (vtableSize < 4 || vtableSize % 2 != 0 || size < 4)
        {
            throw Errors.ModelDamaged(
                File, $"table {table} at byte {position}", $"vtable of {vtableSize} bytes for a table of {size} bytes");
        }

        Need(vtable, vtableSize, table);
        Need(position, size, table);
        Charge(size, table);
        return new TableView((int)position, (int)vtable, (vtableSize - 4) / 2, size);
    }

    /// <summary>Ends the table that the last <see cref="Enter"/> began.</summary>
    internal void Leave() => depth--;

    /// <summary>The offset of a field from its table's start, 0 if the field isn't stored.</summary>
    internal readonly int FieldOffset(in TableView view, int slot) =>
        slot < view.Slots ? ReadUInt16(view.VTable + 4 + (2 * slot)) : 0;

    /// <summary>A scalar whose place was checked with its table.</summary>
    internal readonly TValue ReadScalar<TValue>(int position)
        where TValue : unmanaged
    {
        if (typeof(TValue) == typeof(bool))
        {
            bool value = data[position] != 0;
            return MemoryMarshal.Cast<bool, TValue>(new ReadOnlySpan<bool>(in value))[0];
        }

        return MemoryMarshal.Read<TValue>(data[position..]);
    }

    /// <summary>Follows the offset stored at a position to the child it points to.</summary>
    internal readonly long Follow(long position, string where)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)position..]);
        return offset != 0
            ? position + offset
            : throw Errors.ModelDamaged(File, where, $"the offset at byte {position} is zero");
    }

    /// <summary>Checks a vector of <paramref name="elementSize"/> bytes an element; gives its first element and length.</summary>
    internal (int First, int Count) Vector(long position, int elementSize, string where)
    {
        Need(position, sizeof(uint), where);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)position..]);
        long bytes = count * (long)elementSize;
        Need(position + sizeof(uint), bytes, where);
        Charge(sizeof(uint) + bytes, where);
        return ((int)position + sizeof(uint), (int)count);
    }

    /// <summary>Copies a vector of numbers as a block.</summary>
    internal TValue[] ReadVector<TValue>(long position, string where)
        where TValue : unmanaged
    {
        int elementSize = Unsafe.SizeOf<TValue>();
        (int first, int count) = Vector(position, elementSize, where);
        ReadOnlySpan<byte> source = data.Slice(first, count * elementSize);
        if (typeof(TValue) == typeof(bool))
        {
            var flags = new bool[count];
            for (int i = 0; i < count; i++)
            {
                flags[i] = source[i] != 0;
            }

            return (TValue[])(object)flags;
        }

        TValue[] values = GC.AllocateUninitializedArray<TValue>(count);
        source.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Reads a string: u32 length, UTF-8 bytes, a zero that the length doesn't count.</summary>
    internal string ReadString(long position, string where)
    {
        (int first, int count) = Vector(position, 1, where);
        Need(first, count + 1L, where);
        ReadOnlySpan<byte> bytes = data.Slice(first, count);
        if (data[first + count] != 0)
        {
            throw Errors.ModelDamaged(File, where, $"the string at byte {position} doesn't end in a zero");
        }

        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw Errors.ModelDamaged(File, where, $"the string at byte {position} is not UTF-8");
    }

    private readonly ushort ReadUInt16(int position) => BinaryPrimitives.ReadUInt16LittleEndian(data[position..]);

    private readonly void Need(long position, long bytes, string where)
    {
        if (position + bytes > data.Length)
        {
            throw Errors.ModelTruncated(File, where, position + bytes, data.Length);
        }
    }

    private void Charge(long bytes, string where)
    {
        budget -= bytes;
        if (budget < 0)
        {
            throw Errors.ModelOverlaps(File, where, (long)MaxSharing * data.Length, data.Length);
        }
    }
}
