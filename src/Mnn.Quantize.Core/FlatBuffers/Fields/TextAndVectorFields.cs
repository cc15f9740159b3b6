using System.Reflection;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A string.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal sealed class StringField<TTable>(PropertyInfo property, int slot)
    : ReferenceField<TTable, string>(property, slot)
    where TTable : class, new()
{
    /// <inheritdoc/>
    protected override string ReadChild(ref FlatReader reader, long position) => reader.ReadString(position, FullName);

    /// <inheritdoc/>
    protected override long WriteChild(FlatWriter writer, string child) => writer.WriteString(child);
}

/// <summary>A vector of numbers or bools.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <typeparam name="TValue">Type of the elements.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal class VectorField<TTable, TValue>(PropertyInfo property, int slot)
    : ReferenceField<TTable, TValue[]>(property, slot)
    where TTable : class, new()
    where TValue : unmanaged
{
    /// <inheritdoc/>
    protected override TValue[] ReadChild(ref FlatReader reader, long position) =>
        reader.ReadVector<TValue>(position, FullName);

    /// <inheritdoc/>
    protected override long WriteChild(FlatWriter writer, TValue[] child) => writer.WriteVector<TValue>(child);
}

/// <summary>A vector of enum values, each of which is checked.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <typeparam name="TEnum">The enum.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal sealed class EnumVectorField<TTable, TEnum>(PropertyInfo property, int slot)
    : VectorField<TTable, TEnum>(property, slot)
    where TTable : class, new()
    where TEnum : unmanaged, Enum
{
    /// <inheritdoc/>
    protected override TEnum[] ReadChild(ref FlatReader reader, long position)
    {
        TEnum[] values = base.ReadChild(ref reader, position);
        foreach (TEnum value in values)
        {
            if (!Enum.IsDefined(value))
            {
                throw Errors.ModelUnknownEnumValue(
                    reader.File, FullName, typeof(TEnum).Name, Convert.ToInt64(value, null));
            }
        }

        return values;
    }
}

/// <summary>A vector of strings.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Index of the field's vtable entry.</param>
internal sealed class StringVectorField<TTable>(PropertyInfo property, int slot)
    : ReferenceField<TTable, string[]>(property, slot)
    where TTable : class, new()
{
    /// <inheritdoc/>
    protected override string[] ReadChild(ref FlatReader reader, long position)
    {
        (int first, int count) = reader.Vector(position, sizeof(uint), FullName);
        var values = new string[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.ReadString(reader.Follow(first + (4L * i), FullName), FullName);
        }

        return values;
    }

    /// <inheritdoc/>
    protected override long WriteChild(FlatWriter writer, string[] child)
    {
        long start = writer.ReserveVector(child.Length, sizeof(uint));
        for (int i = 0; i < child.Length; i++)
        {
            writer.PutOffset(start + 4 + (4L * i), writer.WriteString(child[i]));
        }

        return start;
    }
}
