namespace Mnn.Quantize.Diagnostics;

/// <summary>
/// Every error there is: one named method a code, in one file a range. 1xxx options and config, 2xxx model,
/// 3xxx pictures and data, 4xxx operators, 5xxx calibration and quantization, 6xxx training, 7xxx verification,
/// 8xxx build. A retired number is never used again.
/// </summary>
internal static partial class Errors
{
    private static QuantizeException Error(
        int code, string message, string? file = null, int line = 0, int column = 0, Exception? inner = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, code, message, file, line, column), inner);
}
