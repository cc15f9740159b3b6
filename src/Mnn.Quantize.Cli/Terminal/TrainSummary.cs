using System.Globalization;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>What is said of a training when it is done.</summary>
internal static class TrainSummary
{
    /// <summary>A line an epoch and one of the model.</summary>
    internal static void Write(TrainResult result, TextWriter output)
    {
        foreach (TrainEpoch epoch in (result.Untrained is { } untrained ? (TrainEpoch[])[untrained] : []).Concat(result.Epochs))
        {
            output.WriteLine(Line(epoch) + (epoch.Epoch == result.BestEpoch ? " *" : ""));
        }

        output.WriteLine(Line(result));
    }

    /// <summary>One line such as <c>a.mnn: 487,656 -> 130,716 bytes (26.8%), 8-bit weights, accuracy 91.40% (float 91.34%), ...</c>.</summary>
    internal static string Line(TrainResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(result.Destination)}: {result.SourceBytes:N0} -> {result.DestinationBytes:N0} bytes " +
        $"({100.0 * result.DestinationBytes / Math.Max(1, result.SourceBytes):0.0}%), {result.Bits}-bit weights, " +
        $"{Accuracy(result)}{Best(result)}, {result.ImagesPerSecond:N0} images/s, {result.Seconds:0.0} s");

    /// <summary>The same for programs: one JSON object on one line.</summary>
    internal static string Json(TrainResult result) => JsonText.Line(json =>
    {
        json.WriteString("destination", result.Destination);
        json.WriteNumber("sourceBytes", result.SourceBytes);
        json.WriteNumber("destinationBytes", result.DestinationBytes);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("bits", result.Bits);
        json.Number("floatAccuracy", result.FloatAccuracy);
        json.Number("int8Accuracy", result.Int8Accuracy);
        json.WriteNumber("int8Examples", result.Int8Examples);
        json.Number("int8Agreement", result.Int8Agreement);
        json.Number("cosine", result.Cosine);
        json.WriteNumber("convolutionsQuantized", result.Convolutions.Quantized);
        json.WriteNumber("convolutions", result.Convolutions.All);
        json.WriteNumber("examples", result.Examples);
        json.WriteNumber("imagesPerSecond", Math.Round(result.ImagesPerSecond, 1));
        json.WriteNumber("bestEpoch", result.BestEpoch);
        if (result.Untrained is { } untrained)
        {
            json.WriteStartObject("untrained");
            Write(json, untrained);
            json.WriteEndObject();
        }

        json.Objects("epochs", result.Epochs, epoch => Write(json, epoch));
        json.Lines("warnings", result.Warnings);
    });

    private static string Line(TrainEpoch epoch)
    {
        string evaluation = double.IsNaN(epoch.ValidationLoss)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", evaluated {epoch.ValidationLoss:0.0000}{Percent(", ", epoch.Accuracy)}");
        return epoch.Epoch == 0
            ? $"not trained{evaluation}"
            : string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}: loss {epoch.Loss:0.0000}{evaluation}");
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, TrainEpoch epoch)
    {
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteNumber("learningRate", epoch.LearningRate);
        json.Number("loss", epoch.Loss);
        json.Number("validationLoss", epoch.ValidationLoss);
        json.Number("accuracy", epoch.Accuracy);
    }

    private static string Best(TrainResult result) =>
        result.BestEpoch > 0 ? $"best epoch {result.BestEpoch}" : "no epoch better than not trained";

    // What was evaluated is the int8 model; without labels it is how often it says the same class as the float model.
    private static string Accuracy(TrainResult result)
    {
        if (result is { Int8Accuracy: { } share, Int8Interval: var (low, high) })
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"accuracy {100 * share:0.00}% of {result.Int8Examples:N0} (95%: {100 * low:0.0} to {100 * high:0.0}){Percent(", float ", result.FloatAccuracy)}, ");
        }

        double? best = result.Epochs.Prepend(result.Untrained).LastOrDefault(epoch => epoch?.Epoch == result.BestEpoch)?.Accuracy;
        return best is null ? "" : $"as float {Percent("", best)} of {result.Int8Examples:N0}, ";
    }

    private static string Percent(string before, double? share) =>
        share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{before}{100 * value:0.00}%") : "";
}
