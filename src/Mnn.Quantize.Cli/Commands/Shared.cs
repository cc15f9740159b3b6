using System.CommandLine;
using System.Globalization;
using System.Text;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Commands;

/// <summary>Options that several commands have, spelled once.</summary>
internal static class Shared
{
    private const int MostThreads = 256;

    internal static Option<int> MaxParallelism()
    {
        var option = new Option<int>("--max-parallelism")
        {
            Description = "Worker threads, 1 to 256; 0 means one a core. The result does not depend on it.",
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 &&
                (!int.TryParse(result.Tokens[0].Value, out int threads) || threads is < 0 or > MostThreads))
            {
                result.AddError($"--max-parallelism is '{result.Tokens[0].Value}'; it must be 0 to {MostThreads}.");
            }
        });
        return option;
    }

    /// <summary>An option that takes a whole number from 0, its default, to <paramref name="most"/>.</summary>
    internal static Option<int> Number(string name, string helpName, string description, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int value) || value < 0 || value > most))
            {
                result.AddError($"{name} is '{result.Tokens[0].Value}'; it must be 0 to {most}.");
            }
        });
        return option;
    }

    /// <summary>An option that takes a number from <paramref name="least"/> to 1.</summary>
    internal static Option<double?> Share(string name, string description, double least)
    {
        var option = new Option<double?>(name)
        {
            Description = description,
            HelpName = "X",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    && value >= least && value <= 1)
                {
                    return value;
                }

                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a number from {least} to 1."));
                return null;
            },
        };
        return option;
    }

    internal static Option<string?> Report() =>
        new("--report") { Description = Reports.ReportOutput.PathDescription, HelpName = "PATH" };

    internal static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Show warnings and errors only." };

    internal static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object." };

    /// <summary>Warnings to standard error, then the result: as JSON if there is any, else as text if that is wanted.</summary>
    internal static void Show(
        UserTerminal terminal, IEnumerable<Diagnostic> warnings, byte[]? json, Action<TextWriter>? text)
    {
        foreach (Diagnostic warning in warnings)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        if (json is not null)
        {
            terminal.Out.Write(Encoding.UTF8.GetString(json));
        }
        else
        {
            text?.Invoke(terminal.Out);
        }
    }
}
