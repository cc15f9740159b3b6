namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic ShapesUnknown(string file, string input, string declared) => Warning(
        7101,
        $"the shape of the input '{input}' is not known: the model declares {declared}. Give it: --shape {input}=1x3x224x224.",
        file);

    internal static Diagnostic NotFinite(string file, string tensor, string? op, string sample) => Warning(
        8108,
        $"'{tensor}' has values that are not finite (NaN or infinity){(op is null ? "" : $", computed by '{op}',")} for {sample}. Where both models have the same, the comparison takes it for equal; look at the data and the model.",
        file);

    internal static Diagnostic DryRunFailed(string file, string reason) => Warning(
        7102, $"shapes are known only in part, since the model does not run on zeros: {reason}", file);
}
