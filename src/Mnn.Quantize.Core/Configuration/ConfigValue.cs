using System.Globalization;
using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>The value of a key, with conversions that say what was expected when it is something else.</summary>
internal readonly struct ConfigValue(string file, string key, JsonValue json)
{
    public string String() => Require(JsonValueKind.String, "a string").Text;

    public bool Boolean() => json.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    public int Integer(int least, int most)
    {
        string range = most == int.MaxValue ? $"an integer of {least} or more" : $"an integer from {least} to {most}";
        double value = Require(JsonValueKind.Number, range).Number;
        return value >= least && value <= most && value == Math.Floor(value) ? (int)value : throw Wrong(range);
    }

    public int Multiple(int step, int most)
    {
        string range = $"0 or a multiple of {step}, at most {most}";
        double value = Require(JsonValueKind.Number, range).Number;
        return value >= 0 && value <= most && value == Math.Floor(value) && (int)value % step == 0 ? (int)value : throw Wrong(range);
    }

    public float Share()
    {
        double value = Require(JsonValueKind.Number, "a number above 0 and at most 1").Number;
        return value is > 0 and <= 1 ? (float)value : throw Wrong("a number above 0 and at most 1");
    }

    public double Number(double least, double most)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");
        double value = Require(JsonValueKind.Number, range).Number;
        return value >= least && value <= most ? value : throw Wrong(range);
    }

    public TrainBudget Budget() => TrainBudget.Parse(Require(JsonValueKind.String, TrainBudget.Form).Text) ?? throw Wrong(TrainBudget.Form);

    /// <summary>Applies the values of an object's keys; those that are not known become warnings.</summary>
    public QuantConfig Section(QuantConfig config, IReadOnlyList<ConfigKey> keys, ICollection<Diagnostic> warnings)
    {
        string prefix = key.Length > 0 ? key + "." : "";
        var seen = new HashSet<string>();
        foreach ((string name, JsonValue at, JsonValue value) in Require(JsonValueKind.Object, "an object").Properties)
        {
            ConfigKey? known = keys.FirstOrDefault(k => k.Name == name);
            if (known is null)
            {
                string? near = NearestName.Find(name, keys.Select(k => k.Name));
                warnings.Add(Warnings.ConfigUnknownKey(file, at.Line, at.Column, prefix + name, near));
                continue;
            }

            if (!seen.Add(name))
            {
                warnings.Add(Warnings.ConfigDuplicateKey(file, at.Line, at.Column, prefix + name));
            }

            var inner = new ConfigValue(file, prefix + name, value);
            config = known.Inner.Count > 0 ? inner.Section(config, known.Inner, warnings) : known.Apply(config, inner);
        }

        return config;
    }

    public IReadOnlyList<float> Numbers(int most)
    {
        string expected = $"an array of 1 to {most} numbers";
        IReadOnlyList<JsonValue> items = Require(JsonValueKind.Array, expected).Items;
        if (items.Count < 1 || items.Count > most)
        {
            throw Wrong(expected + $", not {items.Count}");
        }

        var result = new float[items.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new ConfigValue(file, key, items[i]).Number();
        }

        return result;
    }

    /// <summary>Whether it is an array.</summary>
    public bool IsArray => json.Kind == JsonValueKind.Array;

    /// <summary>The elements of an array.</summary>
    public IEnumerable<ConfigValue> Items()
    {
        foreach (JsonValue item in json.Items)
        {
            yield return new ConfigValue(file, key, item);
        }
    }

    public IReadOnlyList<string> Strings()
    {
        var result = new List<string>();
        foreach (JsonValue item in Require(JsonValueKind.Array, "an array of strings").Items)
        {
            result.Add(new ConfigValue(file, key, item).String());
        }

        return result;
    }

    public T OneOf<T>((string Name, T Value)[] choices, bool ignoresCase)
    {
        string names = string.Join(", ", choices.Select(c => c.Name));
        string text = Require(JsonValueKind.String, $"one of {names}").Text;
        foreach ((string name, T value) in choices)
        {
            if (name == text || (ignoresCase && Plain(name).Equals(Plain(text), StringComparison.OrdinalIgnoreCase)))
            {
                return value;
            }
        }

        throw Wrong($"one of {names}");
    }

    public IReadOnlyList<InputConfig> Inputs()
    {
        var result = new List<InputConfig>();
        foreach (JsonValue item in Require(JsonValueKind.Array, "an array of objects").Items)
        {
            result.Add(new ConfigValue(file, key, item).Input());
        }

        return result;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private InputConfig Input()
    {
        var input = new InputConfig("", null, null);
        foreach ((string name, JsonValue at, JsonValue value) in Require(JsonValueKind.Object, "an object").Properties)
        {
            var inner = new ConfigValue(file, $"{key}.{name}", value);
            input = name switch
            {
                "name" => input with { Name = inner.String() },
                "value" => input with { Value = inner.Number() },
                "shape" => input with { Shape = inner.Dimensions() },
                _ => throw Errors.ConfigUnknownInputKey(file, at.Line, at.Column, name),
            };
        }

        return input.Name.Length > 0 ? input : throw Wrong("an object with a \"name\"");
    }

    private float Number()
    {
        double value = Require(JsonValueKind.Number, "a number").Number;
        return double.IsFinite((float)value) ? (float)value : throw Wrong("a number that a 32-bit float can hold");
    }

    private int[] Dimensions()
    {
        const string Expected = "an array of dimensions, each 1 or more";
        var result = new List<int>();
        foreach (JsonValue item in Require(JsonValueKind.Array, Expected).Items)
        {
            result.Add(new ConfigValue(file, key, item).Integer(1, int.MaxValue));
        }

        return [.. result];
    }

    private JsonValue Require(JsonValueKind kind, string expected) => json.Kind == kind ? json : throw Wrong(expected);

    private QuantizeException Wrong(string expected) =>
        Errors.ConfigWrongValue(file, json.Line, json.Column, key, expected, json.Describe());
}
