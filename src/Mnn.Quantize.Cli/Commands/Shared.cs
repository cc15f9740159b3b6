using System.CommandLine;

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
}
