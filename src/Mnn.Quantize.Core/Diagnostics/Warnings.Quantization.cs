namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic AllZero(string file, string tensor) => Warning(
        5101, $"'{tensor}' is zero on every picture; its scale is a guess. Use pictures that the model reacts to.", file);

    internal static Diagnostic EmaForBatchNorm(string file, string method) => Warning(
        5120,
        $"the model holds BatchNorm, so the feature method is EMA instead of {method}. Set \"feature_quantize_method\" to \"EMA\", or convert the model without --forTraining.",
        file);

    internal static Diagnostic AutoShort(
        string file, double target, double cosine, double? top1Target, double top1, double ratio, int kept, double? drop, int faint, int judged) => Warning(
        5140,
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"mode auto reached a cosine of {cosine:0.0000} (target {target:0.0000}) and a top-1 agreement of {top1:0.000}"
            + $" (target {top1Target ?? 0:0.000}) with {kept} convolutions in float and at most {100 * ratio:0.#}% of the size."
            + $"{Lost(drop)}{Faint(faint, judged)}"
            + $" Raise \"max_size_ratio\" or lower the target; `mnn-quantize sensitivity` ranks the operators that lose the most."),
        file);

    private static string Lost(double? drop) => drop is not { } share
        ? ""
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $" By labels it loses {100 * share:0.00} points of accuracy.");

    private static string Faint(int faint, int judged) => faint == 0
        ? ""
        : $" On {faint} of the {judged} samples that were judged the outputs stay below a thousandth of their greatest value, where rounding alone turns them.";

    internal static Diagnostic AutoBudget(string file, double seconds) => Warning(
        5141,
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"the search of mode auto ended with its budget of {seconds:0.#} s (\"time_budget_seconds\") before everything was tried."),
        file);
}
