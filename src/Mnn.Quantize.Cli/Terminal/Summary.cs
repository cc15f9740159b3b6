using System.Globalization;
using Mnn.Quantize.Reporting;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>The closing words on one quantized model.</summary>
internal static class Summary
{
    /// <summary>One line such as <c>a.mnn: 487,656 -> 130,716 bytes (26.8%), 4 of 4 convolutions in int8, ...</c>.</summary>
    internal static string Line(QuantizeResult result, string? note = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(result.Destination)}: {result.SourceBytes:N0} -> {result.DestinationBytes:N0} bytes " +
        $"({100 * Ratio(result):0.0}%), {result.Convolutions.Quantized} of {result.Convolutions.All} convolutions in int8, " +
        $"cosine {result.Cosine:0.000000}, {note ?? string.Create(CultureInfo.InvariantCulture, $"{result.Seconds:0.00} s")}");

    /// <summary>The same for programs: one JSON object on one line.</summary>
    internal static string Json(QuantizeResult result) => JsonText.Line(json =>
    {
        json.WriteString("destination", result.Destination);
        json.WriteNumber("sourceBytes", result.SourceBytes);
        json.WriteNumber("destinationBytes", result.DestinationBytes);
        json.WriteNumber("ratio", Math.Round(Ratio(result), 6));
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.Number("cosine", result.Cosine);
        json.WriteNumber("convolutionsQuantized", result.Convolutions.Quantized);
        json.WriteNumber("convolutions", result.Convolutions.All);
        json.WriteNumber("pictures", result.Pictures);
        json.WriteNumber("picturesRun", result.PicturesRun);
        json.Lines("warnings", result.Warnings);
    });

    private static double Ratio(QuantizeResult result) =>
        result.SourceBytes > 0 ? (double)result.DestinationBytes / result.SourceBytes : 0;
}
