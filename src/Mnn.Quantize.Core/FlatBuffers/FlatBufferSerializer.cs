using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers;

/// <summary>
/// Reads and writes FlatBuffers files whose tables are classes with <see cref="SlotAttribute"/> on their properties.
/// See https://flatbuffers.dev/internals for the layout.
/// </summary>
/// <typeparam name="T">Class of the root table.</typeparam>
public static class FlatBufferSerializer<T>
    where T : class, new()
{
    /// <summary>Reads a whole file. Every offset is checked; what the classes don't know is an error, never dropped.</summary>
    /// <param name="data">The file's bytes, little endian, at any alignment.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <returns>The root table with everything below it. Nothing refers to <paramref name="data"/>.</returns>
    /// <exception cref="QuantizeException">The bytes are no such file, are damaged, or hold unknown fields.</exception>
    public static T Read(ReadOnlySpan<byte> data, string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reader = new FlatReader(data, file);
        return TableLayout<T>.Instance.Read(ref reader, reader.Root());
    }

    /// <summary>
    /// Writes a whole file: fields equal to their default are left out, equal vtables are shared, parents come before
    /// children. Equal graphs give equal bytes.
    /// </summary>
    /// <param name="root">The root table. Null vectors are left out, empty ones are stored.</param>
    /// <param name="file">Name of the file to be, for messages; or null.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="QuantizeException">The file would exceed 2 GiB, or the graph refers to itself.</exception>
    public static byte[] Write(T root, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var writer = new FlatWriter(file);
        WriteRoot(writer, root);
        writer.Allocate();
        WriteRoot(writer, root);
        return writer.Finish();
    }

    private static void WriteRoot(FlatWriter writer, T root)
    {
        long start = writer.Reserve(sizeof(uint), sizeof(uint));
        writer.PutOffset(start, TableLayout<T>.Instance.Write(writer, root));
    }
}
