using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A number of which each value has a name.</summary>
internal static class EnumField
{
    /// <summary>The error of a value without a name.</summary>
    internal static QuantizeException Unknown(ref FlatReader reader, string where, string enumeration, long value) =>
        Errors.ModelUnknownEnumValue(reader.File, where, enumeration, value);
}
