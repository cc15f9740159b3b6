namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException AlreadyQuantized(string file, string op) => Error(
        5001, $"the model is already quantized: '{op}' has int8 weights. Start from the float model.", file);

    internal static QuantizeException NothingToQuantize(string file) => Error(
        5002, "the model has no convolution that could be quantized. Ship it as it is (Quantize=\"false\").", file);

    internal static QuantizeException NothingToCompress(string file) => Error(
        5160, "the model has no weights that could be stored in fewer bits. Ship it as it is (Quantize=\"false\").", file);

    internal static QuantizeException InputShapeUnknown(string file, string input, string shape) => Error(
        5003,
        $"the size of the input '{input}' is not known: the model declares {shape}. Set \"width\" and \"height\", or its \"shape\" in \"inputs\".",
        file);

    internal static QuantizeException InputChannelsDiffer(string file, string input, string expected, int found) => Error(
        5004,
        $"the input '{input}' has the shape {expected}, but pictures have {found} channels in this \"format\". Change \"format\".",
        file);

    internal static QuantizeException InputWithoutData(string file, string input) => Error(
        5005,
        $"the model has several inputs, and '{input}' has no data. Give it a \"value\" in \"inputs\".",
        file);

    internal static QuantizeException NotFinite(string file, string tensor, string? op, string picture) => Error(
        5006,
        $"'{tensor}' has values that are not finite (NaN or infinity)" + (op is null ? "" : $", computed by '{op}',")
        + $" for {picture}. Check \"mean\" and \"normal\", and the model's weights.",
        file);

    internal static QuantizeException CacheEntryMalformed(string path, string what, Exception inner) => Error(
        8109, $"the entry of the calibration cache was not written by this program: {what.TrimEnd('.')}. Remove the cache's folder.", path, inner: inner);

    internal static QuantizeException WeightsNotFinite(string file, string op) => Error(
        5007, $"the weights of '{op}' have values that are not finite (NaN or infinity). Train or convert the model again.",
        file);

    internal static QuantizeException UnknownInputName(string file, string name, string known) => Error(
        5008, $"\"inputs\" names '{name}', but the model's inputs are {known}.", file);

    internal static QuantizeException BatchNormDamaged(string file, string op) => Error(
        5020, $"the BatchNorm '{op}' needs slope, mean and variance, one a channel each. Convert the model again.", file);
}
