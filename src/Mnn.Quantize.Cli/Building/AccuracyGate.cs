using System.Globalization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Building;

/// <summary>What follows from an int8 model below its thresholds: the property <c>MnnQuantizeGate</c>.</summary>
internal enum GateAction
{
    /// <summary>The build fails.</summary>
    Error,

    /// <summary>The build warns and deploys the int8 model.</summary>
    Warning,

    /// <summary>The build warns and deploys the float model under the same name.</summary>
    UseFloat,
}

/// <summary>How near an int8 model has to come to its float model.</summary>
/// <param name="MinCosine">Least cosine similarity of the outputs, -1 to 1; null for any.</param>
/// <param name="MinTop1Agreement">Least share of pictures with the same greatest output, 0 to 1; null for any.</param>
internal sealed record AccuracyGate(double? MinCosine, double? MinTop1Agreement)
{
    /// <summary>What is too low, such as <c>cosine 0.981 is below MinCosine 0.99</c>; null if nothing is.</summary>
    /// <remarks>A figure that is no number is too low.</remarks>
    internal string? FindFault(RecordedFigures figures)
    {
        if (figures.ComparedOn == ComparedOn.Nothing)
        {
            return MinCosine is null && MinTop1Agreement is null ? null : "nothing was compared, since there are no data";
        }

        string[] faults =
        [
            .. Fault("cosine", figures.Cosine, nameof(MinCosine), MinCosine),
            .. Fault("top-1 agreement", figures.Top1Agreement, nameof(MinTop1Agreement), MinTop1Agreement),
        ];
        return faults.Length > 0 ? string.Join(" and ", faults) : null;
    }

    private static IEnumerable<string> Fault(string what, double figure, string name, double? least) =>
        least is { } minimum && !(figure >= minimum)
            ? [string.Create(CultureInfo.InvariantCulture, $"{what} {figure:0.000000} is below {name} {minimum}")]
            : [];
}
