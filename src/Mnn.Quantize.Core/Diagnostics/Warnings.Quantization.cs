namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic AllZero(string file, string tensor) => Warning(
        5101, $"'{tensor}' is zero on every picture; its scale is a guess. Use pictures that the model reacts to.", file);

    internal static Diagnostic EmaForBatchNorm(string file, string method) => Warning(
        5120,
        $"the model holds BatchNorm, so the feature method is EMA instead of {method}. Set \"feature_quantize_method\" to \"EMA\", or convert the model without --forTraining.",
        file);
}
