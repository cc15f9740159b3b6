namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic ShapesUnknown(string file, string input, string declared) => Warning(
        7101,
        $"the shape of the input '{input}' is not known: the model declares {declared}. Give it: --shape {input}=1x3x224x224.",
        file);

    internal static Diagnostic DryRunFailed(string file, string reason) => Warning(
        7102, $"shapes are known only in part, since the model does not run on zeros: {reason}", file);
}
