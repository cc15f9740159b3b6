namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException ExternalWeightsUnreadable(
        string model, string path, string reason, Exception inner) =>
        Error(
            2020,
            $"The model keeps weights in \"{path}\", which can't be read: {reason} Put the converter's .weight file beside "
            + "the model under the model's name.",
            model,
            inner: inner);

    internal static QuantizeException ExternalWeightsTooShort(
        string model, string path, string owner, long position, long bytes, long length) =>
        Error(
            2021,
            $"Operator \"{owner}\" keeps {bytes} bytes of weights at byte {position} of \"{path}\", which has {length} "
            + "bytes: it is truncated or belongs to another model. Copy the .weight file again.",
            model);

    internal static QuantizeException ExternalWeightsDamaged(
        string model, string path, string owner, long position, long bytes) =>
        Error(
            2022,
            $"Operator \"{owner}\" keeps {bytes} bytes of weights at byte {position} of \"{path}\": no whole number of "
            + "elements, or more than the file can hold. Convert the model again.",
            model);

    internal static QuantizeException ExternalWeightType(string model, string owner, string type) =>
        Error(
            2023,
            $"Operator \"{owner}\" keeps a constant of type {type} in an external file; known there are DT_FLOAT, DT_INT32, "
            + "DT_INT64, DT_INT8, DT_UINT8, DT_QUINT8, DT_BFLOAT16 and DT_HALF. Convert the model again without external "
            + "weights.",
            model);
}
