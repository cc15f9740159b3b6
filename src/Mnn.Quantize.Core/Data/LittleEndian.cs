namespace Mnn.Quantize.Data;

/// <summary>Copies between files, which are little-endian, and memory, which is what the machine is.</summary>
internal static class LittleEndian
{
    /// <summary>Copies elements of <paramref name="size"/> bytes, turned around on a big-endian machine.</summary>
    /// <param name="source">Elements in one order.</param>
    /// <param name="destination">Room for as many bytes.</param>
    /// <param name="size">Bytes of an element.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination, int size)
    {
        source.CopyTo(destination);
        for (int i = 0; !BitConverter.IsLittleEndian && i < source.Length; i += size)
        {
            destination.Slice(i, size).Reverse();
        }
    }
}
