using System.Buffers.Binary;
using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

/// <summary>
/// Checks a file as the verifier of the FlatBuffers library does, which the MNN runtime applies to each model it loads:
/// bounds, alignment of every number, offset and vector to its own size, a zero behind each string. It is led by the
/// graph that the file was written from.
/// </summary>
internal sealed class HandVerifier(byte[] file)
{
    private readonly List<(long Start, long End)> parts = [];

    /// <summary>Verifies a file; every byte of it belongs to one part or is padding, and no two parts overlap.</summary>
    internal static void Verify(byte[] file, object root)
    {
        var verifier = new HandVerifier(file);
        verifier.parts.Add((0, 4));
        verifier.Table(BinaryPrimitives.ReadUInt32LittleEndian(file), root);
        long end = 0;
        foreach ((long start, long next) in verifier.parts.Distinct().Order())
        {
            Assert.IsGreaterThanOrEqualTo(end, start, "Parts overlap.");
            Assert.IsLessThan(8, start - end, "More padding than any alignment needs.");
            end = next;
        }

        Assert.AreEqual(file.Length, end);
    }

    private void Table(long at, object table)
    {
        Aligned(at, 4);
        long vtable = at - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan((int)at));
        Aligned(vtable, 2);
        int vtableSize = U16(vtable);
        parts.Add((vtable, vtable + vtableSize));
        parts.Add((at, at + U16(vtable + 2)));
        Assert.IsTrue(vtableSize == 4 || U16(vtable + vtableSize - 2) != 0, "The last entry of a vtable is in use.");
        foreach (PropertyInfo property in table.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<SlotAttribute>() is not { } slot)
            {
                continue;
            }

            int entry = 4 + (2 * slot.Slot);
            int offset = entry < vtableSize ? U16(vtable + entry) : 0;
            object? value = property.GetValue(table);
            if (offset != 0)
            {
                Field(at + offset, value!);
            }
            else
            {
                Assert.IsTrue(value is null or ValueType, $"{property.Name} is missing.");
            }
        }
    }

    private void Field(long at, object value)
    {
        if (value is ValueType)
        {
            Aligned(at, Size(value.GetType()));
            return;
        }

        Aligned(at, 4);
        long target = at + U32(at);
        switch (value)
        {
            case string:
                Aligned(target, 4);
                Assert.AreEqual(0, file[target + 4 + U32(target)]);
                parts.Add((target, target + 5 + U32(target)));
                break;
            case IList list:
                Vector(target, list);
                break;
            default:
                Table(target, value);
                break;
        }
    }

    private void Vector(long at, IList list)
    {
        Type element = list.GetType().IsArray ? list.GetType().GetElementType()! : typeof(object);
        int size = element.IsValueType ? Size(element) : 4;
        Aligned(at, 4);
        Aligned(at + 4, size);
        Assert.AreEqual(list.Count, (long)U32(at));
        parts.Add((at, at + 4 + ((long)size * list.Count)));
        for (int i = 0; !element.IsValueType && i < list.Count; i++)
        {
            Field(at + 4 + (4L * i), list[i]!);
        }
    }

    private static int Size(Type type) =>
        type == typeof(bool) ? 1 : Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    private static void Aligned(long at, int alignment) => Assert.AreEqual(0, at % alignment);

    private int U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan((int)at));

    private uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at));
}
