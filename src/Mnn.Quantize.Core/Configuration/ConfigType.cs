using System.Globalization;
using System.Text.Json.Nodes;

namespace Mnn.Quantize.Configuration;

/// <summary>
/// What a key takes: how it is read, what the documentation calls it and what the JSON schema says of it, in one place,
/// so that the three can't differ.
/// </summary>
/// <typeparam name="T">What a value becomes.</typeparam>
internal abstract class ConfigType<T>
{
    /// <summary>What it takes, for the documentation.</summary>
    public abstract string Words { get; }

    /// <summary>Reads a value, or says what was expected.</summary>
    /// <exception cref="Diagnostics.QuantizeException">The value is of another type or out of range.</exception>
    public abstract T Read(ConfigValue value);

    /// <summary>The constraints as JSON schema (draft 7).</summary>
    public abstract JsonObject Schema();

    /// <summary>A value as it is written in a config.</summary>
    public abstract JsonNode Write(T value);
}

/// <summary>Any text.</summary>
internal sealed class TextType : ConfigType<string>
{
    public override string Words => "string";

    public override string Read(ConfigValue value) => value.String();

    public override JsonObject Schema() => new() { ["type"] = "string" };

    public override JsonNode Write(string value) => JsonValueOf.Text(value);
}

/// <summary>True or false.</summary>
internal sealed class FlagType : ConfigType<bool>
{
    public override string Words => "true or false";

    public override bool Read(ConfigValue value) => value.Boolean();

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    public override JsonNode Write(bool value) => System.Text.Json.Nodes.JsonValue.Create(value);
}

/// <summary>A whole number in a range; int.MaxValue stands for no upper end.</summary>
internal sealed class IntegerType(int least, int most = int.MaxValue) : ConfigType<int>
{
    public override string Words => most == int.MaxValue ? $"integer >= {least}" : $"integer {least} to {most}";

    public override int Read(ConfigValue value) => value.Integer(least, most);

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most < int.MaxValue)
        {
            schema["maximum"] = most;
        }

        return schema;
    }

    public override JsonNode Write(int value) => System.Text.Json.Nodes.JsonValue.Create(value);
}

/// <summary>0, or a whole multiple of a number.</summary>
internal sealed class MultipleType(int step, int most) : ConfigType<int>
{
    public override string Words => $"0 or a multiple of {step}, at most {most}";

    public override int Read(ConfigValue value) => value.Multiple(step, most);

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = most, ["multipleOf"] = step };

    public override JsonNode Write(int value) => System.Text.Json.Nodes.JsonValue.Create(value);
}

/// <summary>A number above 0 and at most 1.</summary>
internal sealed class ShareType : ConfigType<float>
{
    public override string Words => "number > 0, at most 1";

    public override float Read(ConfigValue value) => value.Share();

    public override JsonObject Schema() => new() { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = 1 };

    public override JsonNode Write(float value) => System.Text.Json.Nodes.JsonValue.Create(value);
}

/// <summary>A number in a range, ends included.</summary>
internal sealed class RangeType(double least, double most) : ConfigType<double>
{
    public override string Words => string.Create(CultureInfo.InvariantCulture, $"number {least} to {most}");

    public override double Read(ConfigValue value) => value.Number(least, most);

    public override JsonObject Schema() => new() { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };

    public override JsonNode Write(double value) => System.Text.Json.Nodes.JsonValue.Create(value);
}

/// <summary>How long a training may last.</summary>
internal sealed class BudgetType : ConfigType<TrainBudget>
{
    public override string Words => "string";

    public override TrainBudget Read(ConfigValue value) => value.Budget();

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = TrainBudget.Pattern };

    public override JsonNode Write(TrainBudget value) => value == TrainBudget.None
        ? JsonValueOf.Text("")
        : throw new NotSupportedException("Only the default, no limit, is ever written.");
}

/// <summary>A list of 1 to <paramref name="most"/> numbers.</summary>
internal sealed class NumbersType(int most) : ConfigType<IReadOnlyList<float>>
{
    public override string Words => $"1 to {most} numbers";

    public override IReadOnlyList<float> Read(ConfigValue value) => value.Numbers(most);

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "number" },
        ["minItems"] = 1,
        ["maxItems"] = most,
    };

    public override JsonNode Write(IReadOnlyList<float> value) => new JsonArray([.. value.Select(v => (JsonNode)v)]);
}

/// <summary>A list of texts.</summary>
internal sealed class TextsType : ConfigType<IReadOnlyList<string>>
{
    public override string Words => "array of strings";

    public override IReadOnlyList<string> Read(ConfigValue value) => value.Strings();

    public override JsonObject Schema() =>
        new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };

    public override JsonNode Write(IReadOnlyList<string> value) =>
        new JsonArray([.. value.Select(v => (JsonNode)JsonValueOf.Text(v))]);
}

/// <summary>One of several names.</summary>
internal sealed class ChoiceType<T>(params (string Name, T Value)[] choices) : ConfigType<T>
    where T : struct, Enum
{
    /// <summary>Whether names are also taken in another case, with or without underscores: <c>WeightOnly</c> for <c>weight_only</c>.</summary>
    public bool IgnoresCase { get; init; }

    public override string Words =>
        string.Join(", ", choices[..^1].Select(c => c.Name)) + " or " + choices[^1].Name;

    public override T Read(ConfigValue value) => value.OneOf(choices, IgnoresCase);

    public override JsonObject Schema() =>
        new() { ["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)JsonValueOf.Text(c.Name))]) };

    public override JsonNode Write(T value) =>
        JsonValueOf.Text(Array.Find(choices, c => EqualityComparer<T>.Default.Equals(c.Value, value)).Name);
}

/// <summary>The model's inputs: objects of name, value and shape.</summary>
internal sealed class InputsType : ConfigType<IReadOnlyList<InputConfig>>
{
    public override string Words => "array of { name, value, shape }";

    public override IReadOnlyList<InputConfig> Read(ConfigValue value) => value.Inputs();

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["name"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                ["value"] = new JsonObject { ["type"] = "number" },
                ["shape"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
                },
            },
            ["required"] = new JsonArray("name"),
            ["additionalProperties"] = false,
        },
    };

    public override JsonNode Write(IReadOnlyList<InputConfig> value) => value.Count == 0
        ? new JsonArray()
        : throw new NotSupportedException("Only the default, an empty list, is ever written.");
}

/// <summary>Texts as JSON; the name JsonValue is taken by the reader's own class.</summary>
internal static class JsonValueOf
{
    public static JsonNode Text(string value) => System.Text.Json.Nodes.JsonValue.Create(value)!;
}
