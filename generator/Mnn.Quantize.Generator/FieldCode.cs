namespace Mnn.Quantize.Generator;

/// <summary>What is done with one field, as C#; <c>table</c>, <c>reader</c>, <c>position</c>, <c>writer</c> and <c>at</c> are in scope.</summary>
internal static class FieldCode
{
    /// <summary>An expression: whether the field has to be stored.</summary>
    internal static string IsPresent(Field field) => field.Kind switch
    {
        FieldKind.Scalar when field.Type == "float" => $"global::System.BitConverter.SingleToInt32Bits(table.{field.Name}) != {field.Default}",
        FieldKind.Scalar when field.Type == "double" => $"global::System.BitConverter.DoubleToInt64Bits(table.{field.Name}) != {field.Default}",
        FieldKind.Scalar or FieldKind.Enum => $"table.{field.Name} != {field.Default}",
        _ => $"table.{field.Name} is not null",
    };

    /// <summary>A statement that reads the field and sets the property.</summary>
    internal static string Read(Field field)
    {
        string name = $"\"{field.FullName}\"", child = $"reader.Follow(position, {name})", set = $"table.{field.Name} = ";
        return field.Kind switch
        {
            FieldKind.Scalar => $"{set}reader.ReadScalar<{field.Type}>(position)",
            FieldKind.Enum => $"var value{field.Slot} = reader.ReadScalar<{field.Number}>(position); "
                + $"if (!{field.Type}Values.Has(value{field.Slot})) throw global::Mnn.Quantize.Diagnostics.Errors.ModelUnknownEnumValue(reader.File, {name}, \"{TypeName.Short(field.Type)}\", value{field.Slot}); "
                + $"{set}({field.Type})value{field.Slot}",
            FieldKind.String => $"{set}reader.ReadString({child}, {name})",
            FieldKind.Table => $"{set}{field.Type}Layout.Instance.Read(ref reader, {child})",
            FieldKind.Union => $"{set}UnionField.Read(ref reader, view, position, {field.TagSlot}, {name}, {field.Type}Layouts.Instance)",
            FieldKind.Vector => $"{set}reader.ReadVector<{field.Type}>({child}, {name})",
            FieldKind.EnumVector => $"var values{field.Slot} = reader.ReadVector<{field.Type}>({child}, {name}); "
                + $"foreach (var value in values{field.Slot}) if (!{field.Type}Values.Has((long)value)) throw global::Mnn.Quantize.Diagnostics.Errors.ModelUnknownEnumValue(reader.File, {name}, \"{TypeName.Short(field.Type)}\", (long)value); "
                + $"{set}values{field.Slot}",
            FieldKind.StringVector => $"{set}StringVectorField.Read(ref reader, {child}, {name})",
            FieldKind.TableVector => $"{set}TableListField.Read(ref reader, {child}, {name}, {field.Type}Layout.Instance)",
            _ => "",
        };
    }

    /// <summary>A statement that checks a union's tag, which is used when its table is read.</summary>
    internal static string ReadTag(Field field) => $"UnionField.CheckTag(ref reader, position, \"{field.FullName}\", {field.NameList.Length})";

    /// <summary>A statement that writes a union's tag.</summary>
    internal static string WriteTag(Field field) => $"writer.Put(at, (byte){field.Type}Layouts.Instance.TagOf(table.{field.Name}!))";

    /// <summary>A statement that writes the field, which is present.</summary>
    internal static string Write(Field field)
    {
        string value = $"table.{field.Name}";
        return field.Kind switch
        {
            FieldKind.Scalar => $"writer.Put(at, {value})",
            FieldKind.Enum => $"writer.Put(at, ({field.Number}){value})",
            FieldKind.String => $"writer.PutOffset(at, writer.WriteString({value}!))",
            FieldKind.Table => $"writer.PutOffset(at, {field.Type}Layout.Instance.Write(writer, {value}!))",
            FieldKind.Union => $"writer.PutOffset(at, UnionField.Write(writer, {value}!, {field.Type}Layouts.Instance))",
            FieldKind.Vector or FieldKind.EnumVector => $"writer.PutOffset(at, writer.WriteVector<{field.Type}>({value}!))",
            FieldKind.StringVector => $"writer.PutOffset(at, StringVectorField.Write(writer, {value}!))",
            FieldKind.TableVector => $"writer.PutOffset(at, TableListField.Write(writer, {value}!, {field.Type}Layout.Instance))",
            _ => "",
        };
    }
}
