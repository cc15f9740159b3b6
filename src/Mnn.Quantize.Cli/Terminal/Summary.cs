using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>The closing words on one quantized model.</summary>
internal static class Summary
{
    /// <summary>One line such as <c>a.mnn: 487,656 -> 130,716 bytes (26.8%), 4 of 4 convolutions in int8, ...</c>.</summary>
    internal static string Line(QuantizeResult result, string? note = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(result.Destination)}: {result.SourceBytes:N0} -> {result.DestinationBytes:N0} bytes " +
        $"({100 * Ratio(result):0.0}%), {result.Convolutions.Quantized} of {result.Convolutions.All} convolutions {Form(result.Mode)}, " +
        $"{Nearness(result)}, {note ?? string.Create(CultureInfo.InvariantCulture, $"{result.Seconds:0.00} s")}");

    private static string Form(QuantizeMode mode) => mode switch
    {
        QuantizeMode.WeightOnly => "with compressed weights",
        QuantizeMode.Fp16 => "with half-float weights",
        _ => "in int8",
    };

    private static string Nearness(QuantizeResult result) => result.ComparedOn == ComparedOn.Nothing
        ? "not compared with the float model"
        : string.Create(CultureInfo.InvariantCulture, $"cosine {result.Cosine:0.000000}")
            + (result.ComparedOn == ComparedOn.SynthesizedInputs ? " on made-up inputs, since no data are given" : "");

    /// <summary>The same for programs: one JSON object on one line.</summary>
    internal static string Json(QuantizeResult result) => JsonText.Line(json =>
    {
        json.WriteString("destination", result.Destination);
        json.WriteNumber("sourceBytes", result.SourceBytes);
        json.WriteNumber("destinationBytes", result.DestinationBytes);
        json.WriteNumber("ratio", Math.Round(Ratio(result), 6));
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.Number("cosine", result.Cosine);
        json.WriteString("comparedOn", result.ComparedOn switch
        {
            ComparedOn.Samples => "samples",
            ComparedOn.SynthesizedInputs => "synthesized",
            _ => "nothing",
        });
        json.WriteNumber("convolutionsQuantized", result.Convolutions.Quantized);
        json.WriteNumber("convolutions", result.Convolutions.All);
        json.WriteNumber("pictures", result.Pictures);
        json.WriteNumber("picturesRun", result.PicturesRun);
        json.Objects("weights", result.Weights, weights =>
        {
            json.WriteString("name", weights.Name);
            json.WriteString("type", weights.Type);
            json.WriteNumber("bits", weights.Bits);
            json.WriteBoolean("asymmetric", weights.IsAsymmetric);
            json.WriteNumber("scales", weights.Scales);
            json.WriteNumber("weights", weights.Weights);
            json.WriteNumber("floatBytes", weights.FloatBytes);
            json.WriteNumber("bytes", weights.Bytes);
            json.Number("snrDb", weights.SignalToNoise);
            json.WriteString("why", weights.Reason);
        });
        json.Lines("warnings", result.Warnings);
    });

    private static double Ratio(QuantizeResult result) =>
        result.SourceBytes > 0 ? (double)result.DestinationBytes / result.SourceBytes : 0;
}
