using System.Runtime.InteropServices;

namespace Mnn.Quantize.Bench;

/// <summary>Memory that starts at a cache line, as the engine's tensors do.</summary>
internal static class Aligned
{
    private const int Alignment = 64;

    /// <summary>Zeros.</summary>
    public static Memory<T> Of<T>(int length)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        T[] array = GC.AllocateArray<T>(length + (Alignment / size), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        return array.AsMemory((int)((Alignment - (address % Alignment)) % Alignment) / size, length);
    }

    /// <summary>Arbitrary floats from -1 to 1, the same each time.</summary>
    public static Memory<float> Floats(int length)
    {
        Memory<float> values = Of<float>(length);
        var random = new Random(1);
        foreach (ref float value in values.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    /// <summary>Arbitrary integers from -127 to 127, the same each time.</summary>
    public static Memory<sbyte> Bytes(int length)
    {
        Memory<sbyte> values = Of<sbyte>(length);
        var random = new Random(1);
        foreach (ref sbyte value in values.Span)
        {
            value = (sbyte)random.Next(-127, 128);
        }

        return values;
    }
}
