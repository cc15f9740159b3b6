namespace Mnn.Quantize.Diagnostics;

/// <summary>Every warning there is: one named method a code, numbered like <see cref="Errors"/>.</summary>
internal static partial class Warnings
{
    private static Diagnostic Warning(int code, string message, string? file = null, int line = 0, int column = 0) =>
        new(DiagnosticSeverity.Warning, code, message, file, line, column);
}
