using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mnn.Quantize.Cli;

/// <summary>What people want to do, with the line that does it: the end of each help page.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> s_lines = new(StringComparer.Ordinal)
    {
        ["init"] = ["mnn-quantize init net.mnn --path photos/"],
        ["quantize"] =
        [
            "mnn-quantize quantize net.mnn net.int8.mnn quant.json",
            "mnn-quantize quantize net.mnn net.int8.mnn quant.json --calibration-cache ~/.cache/mnn --json",
            "mnn-quantize quantize net.mnn net.small.mnn --mode weight_only --bits 4 --block 32",
        ],
        ["train"] =
        [
            "mnn-quantize train net.mnn net.int8.mnn train.json",
            "mnn-quantize train net.mnn net.int8.mnn train.json --resume",
        ],
        ["plan"] = ["mnn-quantize plan net.mnn quant.json"],
        ["sensitivity"] = ["mnn-quantize sensitivity net.mnn quant.json --top 10"],
        ["compare"] =
        [
            "mnn-quantize compare net.mnn net.int8.mnn quant.json --images 100",
            "mnn-quantize compare net.mnn net.int8.mnn quant.json --min-cosine 0.99 --report report.html",
        ],
        ["run"] =
        [
            "mnn-quantize run net.mnn --input cat.jpg --config quant.json --top 5",
            "mnn-quantize run net.mnn --input data=x.bin:1x3x224x224 --output-dir out --repeat 20",
        ],
        ["info"] = ["mnn-quantize info net.mnn --shape data=1x3x224x224"],
        ["build"] = ["mnn-quantize build --manifest obj/Debug/net10.0/mnn/mnn.manifest"],
    };

    /// <summary>Has the help of a command line show examples, those of a command or, of the whole, each command's first.</summary>
    internal static void AddTo(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }
    }

    /// <summary>The lines for a command.</summary>
    internal static IReadOnlyList<string> Of(Command command) => command is RootCommand
        ? [.. command.Subcommands.Where(inner => !inner.Hidden).SelectMany(inner => Of(inner).Take(1))]
        : s_lines.GetValueOrDefault(command.Name, []);

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = help.Invoke(parseResult);
            IReadOnlyList<string> lines = Of(parseResult.CommandResult.Command);
            if (lines.Count > 0)
            {
                TextWriter to = parseResult.InvocationConfiguration.Output;
                to.WriteLine("Examples:");
                foreach (string line in lines)
                {
                    to.WriteLine("  " + line);
                }

                to.WriteLine();
            }

            return result;
        }
    }
}
