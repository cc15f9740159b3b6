using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A number or bool, stored in the table itself unless it equals the schema's default.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <typeparam name="TValue">Type of the number; for an enum its underlying type.</typeparam>
internal class ScalarField<TTable, TValue> : FieldCodec<TTable>
    where TTable : class, new()
    where TValue : unmanaged
{
    private readonly Func<TTable, TValue> get;
    private readonly Action<TTable, TValue> set;
    private readonly TValue defaultValue;

    internal ScalarField(PropertyInfo property, SlotAttribute slot)
        : base(property, slot.Slot)
    {
        // Delegates bind an enum property through its underlying type: the two are one type in a signature's reduced
        // form (ECMA-335, I.8.7.1). So no code has to be compiled for each enum.
        get = property.GetMethod!.CreateDelegate<Func<TTable, TValue>>();
        set = property.SetMethod!.CreateDelegate<Action<TTable, TValue>>();
        defaultValue = slot.Default is null
            ? default
            : (TValue)Convert.ChangeType(slot.Default, typeof(TValue), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    internal override int Size => Unsafe.SizeOf<TValue>();

    /// <inheritdoc/>
    internal override bool IsPresent(TTable table)
    {
        // By bits: -0.0 is not the default 0.0, and NaN equals itself.
        TValue value = get(table);
        return !Bytes(in value).SequenceEqual(Bytes(in defaultValue));
    }

    /// <inheritdoc/>
    internal override void Read(ref FlatReader reader, in TableView view, TTable table, int position)
    {
        TValue value = reader.ReadScalar<TValue>(position);
        Check(value, reader.File);
        set(table, value);
    }

    /// <inheritdoc/>
    internal override void Write(FlatWriter writer, TTable table, long at) => writer.Put(at, get(table));

    /// <summary>Refuses a value that the field can't have.</summary>
    protected virtual void Check(TValue value, string file)
    {
    }

    private static ReadOnlySpan<byte> Bytes(ref readonly TValue value) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value));
}

/// <summary>An enum: a scalar whose values are checked.</summary>
/// <typeparam name="TTable">Class of the table.</typeparam>
/// <typeparam name="TValue">Underlying type of the enum.</typeparam>
/// <param name="property">The property.</param>
/// <param name="slot">Its place and default.</param>
internal sealed class EnumField<TTable, TValue>(PropertyInfo property, SlotAttribute slot)
    : ScalarField<TTable, TValue>(property, slot)
    where TTable : class, new()
    where TValue : unmanaged, IBinaryInteger<TValue>
{
    private readonly Type enumeration = property.PropertyType;
    private HashSet<TValue>? known;

    /// <inheritdoc/>
    protected override void Check(TValue value, string file)
    {
        known ??= [.. (TValue[])Enum.GetValuesAsUnderlyingType(enumeration)];
        if (!known.Contains(value))
        {
            throw Errors.ModelUnknownEnumValue(file, FullName, enumeration.Name, long.CreateChecked(value));
        }
    }
}
