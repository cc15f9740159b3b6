using System.Collections;
using System.Globalization;
using System.Reflection;
using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Walks two object graphs of the schema side by side.</summary>
internal static class FieldDifferences
{
    /// <summary>The paths of all fields that differ, with both values.</summary>
    internal static List<string> Find(object? expected, object? actual)
    {
        var found = new List<string>();
        Walk("", expected, actual, found);
        return found;
    }

    private static void Walk(string path, object? expected, object? actual, List<string> found)
    {
        if (expected is null || actual is null)
        {
            // A vector without elements says the same as none.
            bool bothEmpty = expected is null or ICollection { Count: 0 } && actual is null or ICollection { Count: 0 };
            Note(path, expected, actual, bothEmpty, found);
        }
        else if (expected is ICollection left && actual is ICollection right)
        {
            if (left.Count != right.Count)
            {
                found.Add($"{path}: {left.Count} elements, {right.Count} found");
                return;
            }

            int i = 0;
            foreach ((object? a, object? b) in left.Cast<object?>().Zip(right.Cast<object?>()))
            {
                Walk($"{path}[{i++}]", a, b, found);
            }
        }
        else if (expected.GetType() is { IsPrimitive: false, IsEnum: false } type && type != typeof(string))
        {
            Note($"{path}.GetType()", type, actual.GetType(), type == actual.GetType(), found);
            foreach (PropertyInfo property in type == actual.GetType() ? type.GetProperties() : [])
            {
                if (property.GetCustomAttribute<SlotAttribute>() is not null)
                {
                    Walk($"{path}.{property.Name}", property.GetValue(expected), property.GetValue(actual), found);
                }
            }
        }
        else
        {
            Note(path, expected, actual, expected.Equals(actual), found);
        }
    }

    private static void Note(string path, object? expected, object? actual, bool equal, List<string> found)
    {
        if (!equal)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {expected ?? "nothing"}, {actual ?? "nothing"} found"));
        }
    }
}
