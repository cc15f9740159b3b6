namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic NotCompared(string file, string reason) => Warning(
        5161,
        $"no data are given, and the model can't be run on made-up inputs, so that it was not compared with the float model: {reason} Give \"path\" for a comparison.",
        file);
}
