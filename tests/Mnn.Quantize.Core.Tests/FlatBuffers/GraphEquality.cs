using System.Collections;
using System.Reflection;
using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

/// <summary>Compares two graphs of tables field by field; floats by their bits, null differs from empty.</summary>
internal static class GraphEquality
{
    internal static void AreEqual(object expected, object actual) =>
        Assert.IsNull(FirstDifference(expected, actual, expected.GetType().Name));

    /// <summary>The path of the first difference, or null.</summary>
    internal static string? FirstDifference(object? a, object? b, string path)
    {
        if (a is null || b is null || a.GetType() != b.GetType())
        {
            return a is null && b is null ? null : $"{path}: {a ?? "null"} against {b ?? "null"}";
        }

        return a switch
        {
            float real => Unless(BitConverter.SingleToInt32Bits(real) == BitConverter.SingleToInt32Bits((float)b), path),
            string or ValueType => Unless(a.Equals(b), path),
            float[] reals => Unless(Bits(reals).SequenceEqual(Bits((float[])b)), path),
            sbyte[] numbers => Unless(numbers.AsSpan().SequenceEqual((sbyte[])b), path),
            IList list => InList(list, (IList)b, path),
            _ => InTable(a, b, path),
        };
    }

    private static ReadOnlySpan<int> Bits(float[] reals) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(reals);

    private static string? Unless(bool equal, string path) => equal ? null : path;

    private static string? InList(IList a, IList b, string path)
    {
        if (a.Count != b.Count)
        {
            return $"{path}: {a.Count} against {b.Count} elements";
        }

        for (int i = 0; i < a.Count; i++)
        {
            if (FirstDifference(a[i], b[i], $"{path}[{i}]") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? InTable(object a, object b, string path)
    {
        foreach (PropertyInfo property in a.GetType().GetProperties())
        {
            if (property.IsDefined(typeof(SlotAttribute))
                && FirstDifference(property.GetValue(a), property.GetValue(b), $"{path}.{property.Name}") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }
}
