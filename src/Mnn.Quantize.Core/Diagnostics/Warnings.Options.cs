namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic ConfigUnknownKey(string file, int line, int column, string key, string? near) => Warning(
        1101,
        $"\"{key}\" is not a key of quant.json and has no effect." + (near is null ? "" : $" Did you mean \"{near}\"?"),
        file, line, column);

    internal static Diagnostic ConfigDuplicateKey(string file, int line, int column, string key) => Warning(
        1102, $"\"{key}\" is set twice; the last value counts.", file, line, column);

    internal static Diagnostic SkippedOpUnknown(string file, string name, string? near) => Warning(
        1103,
        $"\"skip_quant_op_names\" has '{name}', but no operator bears that name."
        + (near is null ? "" : $" Did you mean '{near}'?"),
        file);

    internal static Diagnostic KeyWithoutEffect(string file, int line, int column, string key, string why) => Warning(
        1104, $"\"{key}\" has no effect: {why}.", file, line, column);
}
