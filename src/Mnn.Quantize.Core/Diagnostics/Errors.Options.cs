namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException ConfigUnreadable(string file, string reason, Exception inner) => Error(
        1001, $"the config can't be read: {reason}. Check the path.", file, inner: inner);

    internal static QuantizeException ConfigNotJson(string file, int line, int column, string reason) => Error(
        1002, $"the config is not valid JSON: {reason}.", file, line, column);

    internal static QuantizeException ConfigWrongValue(
        string file, int line, int column, string key, string expected, string found) => Error(
        1003, $"\"{key}\" must be {expected}; found {found}.", file, line, column);

    internal static QuantizeException ConfigWithoutPath(string file, int line, int column) => Error(
        1004, "\"path\" is missing. Set it to the folder of the calibration data, or for training \"data\" in \"train\".", file, line, column);

    internal static QuantizeException ConfigUnknownInputKey(string file, int line, int column, string key) => Error(
        1005, $"an element of \"inputs\" can't have \"{key}\"; it takes \"name\", \"value\" and \"shape\".", file, line,
        column);

    internal static QuantizeException SourceIsDestination(string file) => Error(
        1007, "the source model and the destination are the same file. Choose another destination.", file);

    internal static QuantizeException ConfigNotGiven() => Error(
        1009, "neither a config nor settings are given. Name a quant.json, or the file that the settings are from.");

    internal static QuantizeException SettingNotJson(string file, string key, string reason, Exception inner) => Error(
        1010, $"\"{key}\" begins like JSON, but {reason} Correct it, or write plain values separated by semicolons.", file,
        inner: inner);
}
