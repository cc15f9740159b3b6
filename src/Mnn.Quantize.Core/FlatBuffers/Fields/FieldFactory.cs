using System.Reflection;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>Finds the fields of a table class: the only place that looks at types by reflection.</summary>
internal static class FieldFactory
{
    /// <summary>The codecs of all properties with a <see cref="SlotAttribute"/>; two for a union.</summary>
    internal static List<FieldCodec<TTable>> FieldsOf<TTable>()
        where TTable : class, new()
    {
        var fields = new List<FieldCodec<TTable>>();
        foreach (PropertyInfo property in typeof(TTable).GetProperties())
        {
            if (property.GetCustomAttribute<SlotAttribute>() is not { } slot)
            {
                continue;
            }

            if (slot.Union is null)
            {
                fields.Add(Create<TTable>(property, slot));
                continue;
            }

            var members = new UnionMembers(slot.Union);
            fields.Add(new UnionTagField<TTable>(property, slot.UnionTagSlot, members));
            fields.Add(new UnionField<TTable>(property, slot, members));
        }

        return fields;
    }

    private static FieldCodec<TTable> Create<TTable>(PropertyInfo property, SlotAttribute slot)
        where TTable : class, new()
    {
        Type type = property.PropertyType;
        if (type.IsEnum)
        {
            return EnumScalar<TTable>(property, slot);
        }

        if (type.IsValueType)
        {
            return Scalar<TTable>(property, slot);
        }

        if (type == typeof(string))
        {
            return new StringField<TTable>(property, slot.Slot);
        }

        if (type.IsArray)
        {
            return Vector<TTable>(property, slot.Slot, type.GetElementType()!);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)
            ? Generic<TTable>(typeof(TableListField<,>), type.GenericTypeArguments[0], property, slot.Slot)
            : Generic<TTable>(typeof(TableField<,>), type, property, slot.Slot);
    }

    private static FieldCodec<TTable> EnumScalar<TTable>(PropertyInfo property, SlotAttribute slot)
        where TTable : class, new() =>
        Type.GetTypeCode(property.PropertyType) switch
        {
            TypeCode.SByte => new EnumField<TTable, sbyte>(property, slot),
            TypeCode.Byte => new EnumField<TTable, byte>(property, slot),
            TypeCode.Int32 => new EnumField<TTable, int>(property, slot),
            _ => throw Unsupported<TTable>(property),
        };

    private static FieldCodec<TTable> Scalar<TTable>(PropertyInfo property, SlotAttribute slot)
        where TTable : class, new() =>
        Type.GetTypeCode(property.PropertyType) switch
        {
            TypeCode.Boolean => new ScalarField<TTable, bool>(property, slot),
            TypeCode.SByte => new ScalarField<TTable, sbyte>(property, slot),
            TypeCode.Byte => new ScalarField<TTable, byte>(property, slot),
            TypeCode.Int16 => new ScalarField<TTable, short>(property, slot),
            TypeCode.UInt16 => new ScalarField<TTable, ushort>(property, slot),
            TypeCode.Int32 => new ScalarField<TTable, int>(property, slot),
            TypeCode.UInt32 => new ScalarField<TTable, uint>(property, slot),
            TypeCode.Int64 => new ScalarField<TTable, long>(property, slot),
            TypeCode.UInt64 => new ScalarField<TTable, ulong>(property, slot),
            TypeCode.Single => new ScalarField<TTable, float>(property, slot),
            TypeCode.Double => new ScalarField<TTable, double>(property, slot),
            _ => throw Unsupported<TTable>(property),
        };

    private static FieldCodec<TTable> Vector<TTable>(PropertyInfo property, int slot, Type element)
        where TTable : class, new()
    {
        if (element.IsEnum)
        {
            return Generic<TTable>(typeof(EnumVectorField<,>), element, property, slot);
        }

        return Type.GetTypeCode(element) switch
        {
            TypeCode.String => new StringVectorField<TTable>(property, slot),
            TypeCode.Boolean => new VectorField<TTable, bool>(property, slot),
            TypeCode.SByte => new VectorField<TTable, sbyte>(property, slot),
            TypeCode.Byte => new VectorField<TTable, byte>(property, slot),
            TypeCode.Int16 => new VectorField<TTable, short>(property, slot),
            TypeCode.UInt16 => new VectorField<TTable, ushort>(property, slot),
            TypeCode.Int32 => new VectorField<TTable, int>(property, slot),
            TypeCode.UInt32 => new VectorField<TTable, uint>(property, slot),
            TypeCode.Int64 => new VectorField<TTable, long>(property, slot),
            TypeCode.UInt64 => new VectorField<TTable, ulong>(property, slot),
            TypeCode.Single => new VectorField<TTable, float>(property, slot),
            TypeCode.Double => new VectorField<TTable, double>(property, slot),
            _ => throw Unsupported<TTable>(property),
        };
    }

    private static FieldCodec<TTable> Generic<TTable>(Type codec, Type argument, PropertyInfo property, int slot)
        where TTable : class, new() =>
        (FieldCodec<TTable>)Activator.CreateInstance(
            codec.MakeGenericType(typeof(TTable), argument), property, slot)!;

    private static InvalidOperationException Unsupported<TTable>(PropertyInfo property) =>
        new($"{typeof(TTable).Name}.{property.Name} has a type that FlatBuffers can't hold.");
}
