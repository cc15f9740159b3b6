using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Building;

/// <summary>The figures of <see cref="QuantizeResult"/> that outlive the run, on one line of a <see cref="BuildRecord"/>.</summary>
internal sealed record RecordedFigures(
    long SourceBytes,
    long DestinationBytes,
    double Seconds,
    double Cosine,
    double Top1Agreement,
    int Quantized,
    int Convolutions,
    int Pictures,
    QuantizeMode Mode,
    ComparedOn ComparedOn,
    IReadOnlyList<string> Warnings)
{
    internal static RecordedFigures? TryParse(string line, IReadOnlyList<string> warnings)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string[] fields = line.Split(' ');
        return fields.Length == 10 &&
            long.TryParse(fields[0], culture, out long source) &&
            long.TryParse(fields[1], culture, out long destination) &&
            double.TryParse(fields[2], culture, out double seconds) &&
            double.TryParse(fields[3], culture, out double cosine) &&
            double.TryParse(fields[4], culture, out double agreement) &&
            int.TryParse(fields[5], culture, out int quantized) &&
            int.TryParse(fields[6], culture, out int convolutions) &&
            int.TryParse(fields[7], culture, out int pictures) &&
            Enum.TryParse(fields[8], out QuantizeMode mode) &&
            Enum.TryParse(fields[9], out ComparedOn comparedOn)
            ? new RecordedFigures(
                source, destination, seconds, cosine, agreement, quantized, convolutions, pictures, mode, comparedOn, warnings)
            : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{SourceBytes} {DestinationBytes} {Seconds:R} {Cosine:R} {Top1Agreement:R} {Quantized} {Convolutions} {Pictures} {Mode} {ComparedOn}");

    /// <summary>The result as if the run had just made <paramref name="destination"/>; warnings are shown by the caller.</summary>
    internal QuantizeResult ToResult(string destination) => new()
    {
        Mode = Mode,
        ComparedOn = ComparedOn,
        Destination = destination,
        SourceBytes = SourceBytes,
        DestinationBytes = DestinationBytes,
        Seconds = Seconds,
        Cosine = Cosine,
        Top1Agreement = Top1Agreement,
        Convolutions = (Quantized, Convolutions),
        Pictures = Pictures,
        Warnings = [],
    };
}
