namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException TrainingNotFinite(string file, string tensor) => Error(
        6001,
        $"'{tensor}' has values that are not finite (NaN or infinity) in training. Lower the learning rate, and check \"mean\" and \"normal\".",
        file);

    internal static QuantizeException GradientCannotRun(
        string file, string op, string type, string found, Exception? inner = null) => Error(
        6002, $"the derivative of '{op}' ({type}) can't be computed: it met {found}.", file, inner: inner);

    internal static QuantizeException NoGradient(string file, string op, string type) => Error(
        6003,
        $"'{op}' ({type}) has no derivative, and trained operators lie before it. Freeze those, or take '{op}' out of the model.",
        file);

    internal static QuantizeException NothingToTrain(string file) => Error(
        6004, "no operator of the model can be trained: it has no weights, or all that have some are frozen.", file);

    internal static QuantizeException FrozenOpUnknown(string file, string pattern) => Error(
        6005, $"no operator with weights is named '{pattern}', which should be frozen. List the names with 'mnn-quantize info'.",
        file);

    internal static QuantizeException BatchSizesDiffer(string file, string input, int found, int expected) => Error(
        6006, $"the input '{input}' has {found} samples, but the first input has {expected}.", file);
}
