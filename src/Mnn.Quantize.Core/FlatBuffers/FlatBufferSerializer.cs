using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>
/// Reads and writes FlatBuffers files whose tables are classes with <see cref="SlotAttribute"/> on their properties.
/// See https://flatbuffers.dev/internals for the layout.
/// </summary>
internal static class FlatBufferSerializer
{
    /// <summary>Reads a whole file. Every offset is checked; what the classes don't know is an error, never dropped.</summary>
    /// <typeparam name="T">Class of the root table.</typeparam>
    /// <param name="layout">Layout of the root table.</param>
    /// <param name="data">The file's bytes, little endian, at any alignment.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <returns>The root table with everything below it. Nothing refers to <paramref name="data"/>.</returns>
    /// <exception cref="QuantizeException">The bytes are no such file, are damaged, or hold unknown fields.</exception>
    internal static T Read<T>(TableLayout<T> layout, ReadOnlySpan<byte> data, string file)
        where T : class, new()
    {
        var reader = new FlatReader(data, file);
        return layout.Read(ref reader, reader.Root());
    }

    /// <summary>
    /// Writes a whole file: fields equal to their default are left out, equal vtables are shared, parents come before
    /// children. Equal graphs give equal bytes.
    /// </summary>
    /// <typeparam name="T">Class of the root table.</typeparam>
    /// <param name="layout">Layout of the root table.</param>
    /// <param name="root">The root table. Null vectors are left out, empty ones are stored.</param>
    /// <param name="file">Name of the file to be, for messages; or null.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="QuantizeException">The file would exceed 2 GiB, or the graph refers to itself.</exception>
    internal static byte[] Write<T>(TableLayout<T> layout, T root, string? file = null)
        where T : class, new()
    {
        var writer = new FlatWriter(file);
        WriteRoot(layout, writer, root);
        writer.Allocate();
        WriteRoot(layout, writer, root);
        return writer.Finish();
    }

    private static void WriteRoot<T>(TableLayout<T> layout, FlatWriter writer, T root)
        where T : class, new()
    {
        long start = writer.Reserve(sizeof(uint), sizeof(uint));
        writer.PutOffset(start, layout.Write(writer, root));
    }
}
