using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>
/// Lays out a file from its start to its end. The graph is walked twice: the first walk only counts, then the output is
/// allocated at its exact size, and the second walk, which takes the same way, fills it.
/// </summary>
/// <param name="file">Name of the file to be, for messages; or null.</param>
internal sealed class FlatWriter(string? file)
{
    private readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, long> vtables = [];
    private byte[]? output;
    private long position;
    private int depth;

    /// <summary>Ends the counting walk: allocates the output and goes back to its start.</summary>
    internal void Allocate()
    {
        // Offsets between a table and its vtable are signed, which bounds a file to 2 GiB.
        output = position <= Array.MaxLength ? new byte[position] : throw Errors.ModelTooLarge(file, position);
        position = 0;
        vtables.Clear();
    }

    /// <summary>Ends the second walk.</summary>
    internal byte[] Finish() =>
        output is not null && position == output.Length
            ? output
            : throw new InvalidOperationException("The graph was changed while it was written.");

    /// <summary>Begins a table; each Enter needs a <see cref="Leave"/>.</summary>
    internal void Enter(string table)
    {
        if (++depth > FlatReader.MaxDepth)
        {
            throw Errors.ModelTooDeep(file, table, FlatReader.MaxDepth);
        }
    }

    /// <summary>Ends the table that the last <see cref="Enter"/> began.</summary>
    internal void Leave() => depth--;

    /// <summary>
    /// Takes <paramref name="bytes"/> bytes, zeroed, so that the byte <paramref name="head"/> bytes after their start is
    /// aligned; gives their start.
    /// </summary>
    internal long Reserve(long bytes, int alignment, int head = 0)
    {
        long mask = alignment - 1;
        long start = ((position + head + mask) & ~mask) - head;
        position = start + bytes;
        return start;
    }

    /// <summary>Position of a vtable with these entries, which is written unless the file has one already.</summary>
    internal long VTable(ReadOnlySpan<ushort> entries)
    {
        ReadOnlySpan<char> key = MemoryMarshal.Cast<ushort, char>(entries);
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup =
            vtables.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(key, out long start))
        {
            start = Reserve(entries.Length * sizeof(ushort), sizeof(ushort));
            lookup[key] = start;
            Fill(start, entries);
        }

        return start;
    }

    /// <summary>Stores a number at a place taken before.</summary>
    internal void Put<TValue>(long at, TValue value)
        where TValue : unmanaged
    {
        if (output is not null)
        {
            MemoryMarshal.Write(output.AsSpan((int)at), in value);
        }
    }

    /// <summary>Stores at <paramref name="at"/> the distance from there to <paramref name="target"/>, which lies behind.</summary>
    internal void PutOffset(long at, long target)
    {
        if (output is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan((int)at), (uint)(target - at));
        }
    }

    /// <summary>Writes a vector of numbers as a block: u32 length, then the elements at their own alignment.</summary>
    internal long WriteVector<TValue>(ReadOnlySpan<TValue> values)
        where TValue : unmanaged
    {
        long start = ReserveVector(values.Length, Unsafe.SizeOf<TValue>());
        Fill(start + sizeof(uint), values);
        return start;
    }

    /// <summary>Takes the place of a vector and stores its length; gives the place of the length.</summary>
    internal long ReserveVector(int count, int elementSize)
    {
        long bytes = sizeof(uint) + (count * (long)elementSize);
        long start = Reserve(bytes, Math.Max(sizeof(uint), elementSize), sizeof(uint));
        Put(start, count);
        return start;
    }

    /// <summary>Writes a string: u32 length, UTF-8 bytes, a zero that the length doesn't count.</summary>
    internal long WriteString(string text)
    {
        int count = utf8.GetByteCount(text);
        long start = Reserve(sizeof(uint) + count + 1L, sizeof(uint));
        Put(start, count);
        if (output is not null)
        {
            utf8.GetBytes(text, output.AsSpan((int)start + sizeof(uint), count));
        }

        return start;
    }

    private void Fill<TValue>(long start, ReadOnlySpan<TValue> values)
        where TValue : unmanaged
    {
        if (output is not null)
        {
            MemoryMarshal.AsBytes(values).CopyTo(output.AsSpan((int)start));
        }
    }
}
