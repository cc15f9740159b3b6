using System.CommandLine;

namespace Mnn.Quantize.Cli.Commands;

/// <summary>Options that say how weights are stored; they go before the config's keys.</summary>
internal sealed class WeightOptions
{
    /// <summary>Where messages say that these settings are from.</summary>
    internal const string Origin = "command line";

    private const int LeastBits = 2;
    private const int MostBits = 8;
    private const int BlockStep = 16;
    private const int LargestBlock = 65536;

    internal Option<string?> Mode { get; } = Choice();

    internal Option<int?> Bits { get; } = Number(
        "--bits", "N", "Bits of a weight, 2 to 8: the config's quant_bits.", n => n is >= LeastBits and <= MostBits, "2 to 8");

    internal Option<bool> Symmetric { get; } = new("--symmetric")
    {
        Description = "Give scales of weights no offset, which takes 4 bytes less for each and is less accurate.",
    };

    internal Option<int?> Block { get; } = Number(
        "--block", "N", "Input channels that share a scale, a multiple of 16; 0, the default, gives each output channel one.",
        n => n is >= 0 and <= LargestBlock && n % BlockStep == 0, "0 or a multiple of 16");

    /// <summary>What was given, by key of quant.json.</summary>
    internal IReadOnlyDictionary<string, string> Settings(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>();
        void Add(string key, string? value)
        {
            if (value is not null)
            {
                settings[key] = value;
            }
        }

        Add("mode", parsed.GetValue(Mode));
        Add("quant_bits", parsed.GetValue(Bits)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("weight_block_size", parsed.GetValue(Block)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("weight_asymmetric", parsed.GetValue(Symmetric) ? "false" : null);
        return settings;
    }

    private static Option<string?> Choice()
    {
        var option = new Option<string?>("--mode")
        {
            Description = "Store weights in few bits (weight_only) or as half floats (fp16), and leave all else float.",
            HelpName = "MODE",
        };
        option.AcceptOnlyFromAmong("weight_only", "fp16");
        return option;
    }

    private static Option<int?> Number(string name, string helpName, string description, Func<int, bool> isGood, string range)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out int value) && isGood(value)))
            {
                result.AddError($"{name} is '{result.Tokens[0].Value}'; it must be {range}.");
            }
        });
        return option;
    }
}
