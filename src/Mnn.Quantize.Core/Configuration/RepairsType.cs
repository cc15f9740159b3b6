using System.Text.Json.Nodes;

namespace Mnn.Quantize.Configuration;

/// <summary>Repairs: <c>none</c>, <c>default</c>, or an array of names.</summary>
internal sealed class RepairsType : ConfigType<Repairs>
{
    private static readonly (string Name, Repairs Value)[] Names =
    [
        ("ranges", Repairs.Ranges), ("bias_correction", Repairs.BiasCorrection), ("equalization", Repairs.Equalization),
        ("float_outputs", Repairs.FloatOutputs), ("rounding", Repairs.Rounding),
    ];

    private static readonly (string Name, Repairs Value)[] Whole = [("none", Repairs.None), ("default", Repairs.Default)];

    public override string Words =>
        $"none, default, or an array of {string.Join(", ", Names.Select(n => n.Name))}";

    public override Repairs Read(ConfigValue value) => value.IsArray
        ? value.Items().Aggregate(Repairs.None, (sum, item) => sum | item.OneOf(Names, ignoresCase: true))
        : value.OneOf([.. Whole, .. Names], ignoresCase: true);

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = NamesOf(Whole) },
            new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["enum"] = NamesOf(Names) },
            }),
    };

    public override JsonNode Write(Repairs value) =>
        Array.Find(Whole, w => w.Value == value) is { Name: { } word } ? JsonValueOf.Text(word)
            : new JsonArray([.. Names.Where(n => value.HasFlag(n.Value)).Select(n => (JsonNode)JsonValueOf.Text(n.Name))]);

    private static JsonArray NamesOf((string Name, Repairs Value)[] names) =>
        new([.. names.Select(n => (JsonNode)JsonValueOf.Text(n.Name))]);
}
