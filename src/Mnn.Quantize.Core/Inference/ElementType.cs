namespace Mnn.Quantize.Inference;

/// <summary>What a tensor's elements are. As in the MNN runtime, int64 and bool tensors are held as int32.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>32-bit signed integer; also stands for int64 and bool (0 or 1).</summary>
    Int32,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>8-bit signed integer; with <see cref="QuantParameters"/> it stands for (q - zero point) * scale.</summary>
    Int8,
}

/// <summary>What there is to know about element types.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => type is ElementType.UInt8 or ElementType.Int8 ? 1 : 4;
}
