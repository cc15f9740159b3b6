using System.Collections;
using System.Reflection;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Fuzz;

/// <summary>Changes a model as a graph: parameters, shapes, indices and kinds of operators, in intact FlatBuffers.</summary>
internal static class NetMutator
{
    private static readonly int[] Interesting = [0, 1, -1, 2, 3, 4, 5, 7, 16, 100, 255, 65536, 1 << 28, int.MaxValue, int.MinValue];

    /// <summary>Changes one to four fields somewhere in the graph.</summary>
    public static byte[] Mutate(byte[] model, Random random)
    {
        Net net;
        try
        {
            net = MnnModel.FromBytes(model).Net;
        }
        catch (Diagnostics.QuantizeException)
        {
            return model;
        }

        var places = new List<(object Owner, PropertyInfo Property)>();
        Collect(net, places, 0);
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            (object owner, PropertyInfo property) = places[random.Next(places.Count)];
            property.SetValue(owner, Changed(property.PropertyType, property.GetValue(owner), random));
        }

        try
        {
            return MnnModel.FromNet(net).ToBytes();
        }
        catch (Exception e) when (e is Diagnostics.QuantizeException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            // A graph that can't be written, such as one with a hole in a list.
            return model;
        }
    }

    private static void Collect(object owner, List<(object, PropertyInfo)> places, int depth)
    {
        if (depth > 8)
        {
            return;
        }

        foreach (PropertyInfo property in owner.GetType().GetProperties().Where(p => p is { CanRead: true, CanWrite: true }))
        {
            places.Add((owner, property));
            switch (property.GetValue(owner))
            {
                case IList list when property.PropertyType.IsGenericType:
                    foreach (object item in list.OfType<object>().Where(i => i.GetType().Namespace == typeof(Net).Namespace))
                    {
                        Collect(item, places, depth + 1);
                    }

                    break;
                case { } child when child.GetType() is { IsClass: true } type && type.Namespace == typeof(Net).Namespace:
                    Collect(child, places, depth + 1);
                    break;
            }
        }
    }

    private static object? Changed(Type type, object? value, Random random) => value switch
    {
        bool b => !b,
        int => Number(random),
        long => (long)Number(random),
        float f => random.Next(4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -f, _ => (float)Number(random) },
        OpType => Enum.GetValues<OpType>() is var all ? all[random.Next(all.Length)] : null,
        Enum => Enum.ToObject(type, Enum.GetValuesAsUnderlyingType(type) is var v ? v.GetValue(random.Next(v.Length))! : 0),
        int[] a => Changed(a, Number, random),
        float[] a => Changed(a, r => Number(r), random),
        sbyte[] a => Changed(a, r => (sbyte)r.Next(-128, 128), random),
        byte[] a => Changed(a, r => (byte)r.Next(256), random),
        string s => random.Next(3) switch { 0 => "", 1 => s + "/../x", _ => new string('n', random.Next(300)) },
        IList list when list.Count > 0 => WithoutOrTwice(list, random),
        _ => value is null && type == typeof(int[]) ? new[] { Number(random), Number(random) } : random.Next(8) == 0 ? null : value,
    };

    private static T[] Changed<T>(T[] array, Func<Random, T> number, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when array.Length > 0:
                return array[..random.Next(array.Length)];
            case 1 when array.Length < 1 << 12:
                return [.. array, number(random)];
            default:
                T[] copy = [.. array];
                if (copy.Length > 0)
                {
                    copy[random.Next(copy.Length)] = number(random);
                }

                return copy;
        }
    }

    private static IList WithoutOrTwice(IList list, Random random)
    {
        int at = random.Next(list.Count);
        if (list.IsFixedSize)
        {
            return list;
        }

        if (random.Next(2) == 0)
        {
            list.RemoveAt(at);
        }
        else if (list.Count < 256)
        {
            list.Insert(random.Next(list.Count), list[at]);
        }

        return list;
    }

    private static int Number(Random random) =>
        random.Next(3) == 0 ? Interesting[random.Next(Interesting.Length)] : random.Next(-2, 12);
}
