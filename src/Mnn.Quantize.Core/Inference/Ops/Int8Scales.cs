using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Scales of int8 tensors in the form in which kernels take them.</summary>
internal static class Int8Scales
{
    /// <summary>From one tensor to another.</summary>
    public static BinaryScales Of(QuantParameters from, QuantParameters to) =>
        new(from.Scale, from.ZeroPoint, 0, 0, QuantCast.Inverse(to), to.ZeroPoint, to.Min, to.Max);
}
