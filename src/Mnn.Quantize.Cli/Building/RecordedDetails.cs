using System.Text.Json;
using System.Text.Json.Serialization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Building;

/// <summary>What a report shows of the run that made a model, on one line of a <see cref="BuildRecord"/>: JSON.</summary>
/// <param name="Sensitivities">The quantized operators, those that lose the most first.</param>
/// <param name="Tried">The models that mode <c>auto</c> tried.</param>
internal sealed record RecordedDetails(IReadOnlyList<OperatorSensitivity> Sensitivities, IReadOnlyList<TriedModel> Tried)
{
    internal static RecordedDetails? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordedDetailsJson.Default.RecordedDetails) is { Sensitivities: not null, Tried: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, RecordedDetailsJson.Default.RecordedDetails);
}

/// <summary>The code that <see cref="RecordedDetails"/> goes to JSON and back by. A signal without any noise is infinitely above it.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RecordedDetails))]
internal sealed partial class RecordedDetailsJson : JsonSerializerContext;
