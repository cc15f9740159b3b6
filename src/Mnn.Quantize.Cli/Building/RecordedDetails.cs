using System.Text.Json;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Building;

/// <summary>What a report shows of the run that made a model, on one line of a <see cref="BuildRecord"/>: JSON.</summary>
/// <param name="Sensitivities">The quantized operators, those that lose the most first.</param>
/// <param name="Tried">The models that mode <c>auto</c> tried.</param>
internal sealed record RecordedDetails(IReadOnlyList<OperatorSensitivity> Sensitivities, IReadOnlyList<TriedModel> Tried)
{
    // A signal without any noise is infinitely above it.
    private static readonly JsonSerializerOptions s_options = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    internal static RecordedDetails? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RecordedDetails>(line, s_options) is { Sensitivities: not null, Tried: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, s_options);
}
