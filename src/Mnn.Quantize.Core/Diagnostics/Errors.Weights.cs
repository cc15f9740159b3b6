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

    internal static QuantizeException ExternalWeightsOutside(string model, string named) =>
        Error(
            2024,
            $"The model keeps weights in \"{named}\", which lies outside the model's folder; such files are not read. Put the "
            + "file beside the model and convert the model again.",
            model);

    internal static QuantizeException WeightsTooShort(string model, string owner, long needed, long found) =>
        Error(
            2030,
            $"The quantized weights of operator \"{owner}\" need {needed} bytes, their buffer has {found}: the model is "
            + "damaged. Convert it again.",
            model);

    internal static QuantizeException WeightsDamaged(string model, string owner, string found) =>
        Error(
            2031,
            $"The quantized weights of operator \"{owner}\" are damaged: {found}. Convert the model again.",
            model);

    internal static QuantizeException WeightsUnknownCoding(string model, string owner, int type) =>
        Error(
            2032,
            $"The quantized weights of operator \"{owner}\" have coding {type}; known are 1 (dense), 2 (sparse), 3 (half "
            + "floats) and 4 (bytes). Convert the model with a converter of MNN 3.6, or update Mnn.Quantize.",
            model);

    internal static QuantizeException WeightsMissing(string model, string owner) =>
        Error(
            2033,
            $"Operator \"{owner}\" has no weights. If the converter wrote a .weight file, put it beside the model; "
            + "otherwise convert the model again.",
            model);
}
