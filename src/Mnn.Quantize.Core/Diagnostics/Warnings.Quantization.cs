namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic AllZero(string file, string tensor) => Warning(
        5101, $"'{tensor}' is zero on every picture; its scale is a guess. Use pictures that the model reacts to.", file);
}
