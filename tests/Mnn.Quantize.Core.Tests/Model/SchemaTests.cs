using System.Globalization;
using System.Reflection;
using Mnn.Quantize.Core.Tests.FlatBuffers;
using Mnn.Quantize.FlatBuffers;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Model;

[TestClass]
public sealed class SchemaTests
{
    private static IEnumerable<Type> Tables =>
        typeof(Net).Assembly.GetTypes().Where(type => type.Namespace == typeof(Net).Namespace
            && type is { IsPublic: true, IsClass: true, IsAbstract: false } && type.GetConstructor([]) is not null);

    [TestMethod]
    public void The_schema_has_all_tables_and_members_of_release_3_6()
    {
        Assert.AreEqual(124, Tables.Count());
        Assert.HasCount(103, OpParameter.Members);
        Assert.AreEqual(9, OpParameter.Members.ToList().IndexOf(typeof(Convolution2D)) + 1);
        Assert.AreEqual(103, OpParameter.Members.ToList().IndexOf(typeof(FusedLinearParam)) + 1);
    }

    [TestMethod]
    public void Every_table_starts_with_the_defaults_that_are_not_stored()
    {
        foreach (Type table in Tables)
        {
            object instance = Activator.CreateInstance(table)!;
            foreach (PropertyInfo property in table.GetProperties())
            {
                object? expected = property.GetCustomAttribute<SlotAttribute>()?.Default;
                object? actual = property.GetValue(instance);
                expected ??= property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                Assert.AreEqual(Number(expected), Number(actual), $"{table.Name}.{property.Name}");
            }
        }
    }

    [TestMethod]
    public void Every_slot_of_every_table_is_taken_once_and_none_is_left_out()
    {
        foreach (Type table in Tables)
        {
            SlotAttribute[] slots = [.. table.GetProperties().Select(p => p.GetCustomAttribute<SlotAttribute>()!)];
            int[] taken = [.. slots.Select(s => s.Slot), .. slots.Where(s => s.Union is not null).Select(s => s.UnionTagSlot)];
            CollectionAssert.AreEqual(Enumerable.Range(0, taken.Length).ToArray(), taken.Order().ToArray(), table.Name);
        }
    }

    [TestMethod]
    public void Every_table_that_an_operator_may_hold_survives_with_all_fields_set()
    {
        var net = new Net { Oplists = [.. OpParameter.Members.Select(member => new Op { Main = Filled(member, 0) })] };
        byte[] file = FlatBufferSerializer.Write(NetLayout.Instance, net);

        GraphEquality.AreEqual(net, FlatBufferSerializer.Read(NetLayout.Instance, file, "all"));
        HandVerifier.Verify(file, net);
    }

    private static object? Number(object? value) =>
        value is null or bool ? value : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static object Filled(Type table, int depth)
    {
        object instance = Activator.CreateInstance(table)!;
        foreach (PropertyInfo property in table.GetProperties())
        {
            if (Value(property.PropertyType, depth) is { } value)
            {
                property.SetValue(instance, value);
            }
        }

        return instance;
    }

    private static object? Value(Type type, int depth)
    {
        if (type == typeof(object) || depth > 3)
        {
            return null;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        }

        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 3);
            array.SetValue(Value(type.GetElementType()!, depth), 1);
            array.SetValue(Value(type.GetElementType()!, depth), 0);
            array.SetValue(Value(type.GetElementType()!, depth), 2);
            return array;
        }

        if (type.IsGenericType)
        {
            var list = (System.Collections.IList)Activator.CreateInstance(type)!;
            list.Add(Filled(type.GenericTypeArguments[0], depth + 1));
            list.Add(Filled(type.GenericTypeArguments[0], depth + 1));
            return list;
        }

        return type == typeof(bool) ? true
            : type.IsValueType ? Convert.ChangeType(41, type, CultureInfo.InvariantCulture)
            : type == typeof(string) ? "text"
            : Filled(type, depth + 1);
    }
}
