using Mnn.Quantize.FlatBuffers;

namespace Mnn.Quantize.Core.Tests.FlatBuffers;

/// <summary>One field of each kind there is.</summary>
public sealed class Sample
{
    [Slot(0)]
    public sbyte Small { get; set; }

    [Slot(1, Default = 7)]
    public int Number { get; set; } = 7;

    [Slot(2)]
    public long Large { get; set; }

    [Slot(3, Default = 1.5f)]
    public float Real { get; set; } = 1.5f;

    [Slot(4, Default = true)]
    public bool Flag { get; set; } = true;

    [Slot(5)]
    public SampleKind Kind { get; set; }

    [Slot(6)]
    public string? Text { get; set; }

    [Slot(7)]
    public int[]? Ints { get; set; }

    [Slot(8)]
    public long[]? Longs { get; set; }

    [Slot(9)]
    public bool[]? Flags { get; set; }

    [Slot(10)]
    public SampleKind[]? Kinds { get; set; }

    [Slot(11)]
    public string[]? Texts { get; set; }

    [Slot(12)]
    public Sample? Child { get; set; }

    [Slot(13)]
    public List<Sample>? Children { get; set; }

    [Slot(15, UnionTagSlot = 14, Union = typeof(SampleUnion))]
    public object? Either { get; set; }

    [Slot(16)]
    public double Precise { get; set; }

    [Slot(17)]
    public byte[]? Bytes { get; set; }
}

public enum SampleKind : sbyte
{
    Plain = 0,
    Fancy = 3,
}

public sealed class SampleLeaf
{
    [Slot(0)]
    public ushort Value { get; set; }
}

public sealed class SampleEmpty
{
}

public static class SampleUnion
{
    public static IReadOnlyList<Type> Members { get; } = [typeof(SampleLeaf), typeof(SampleEmpty)];
}
