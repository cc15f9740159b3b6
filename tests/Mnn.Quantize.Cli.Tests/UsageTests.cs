using System.CommandLine;
using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("quantise a b c")]
    [DataRow("quantize")]
    [DataRow("quantize a b")]
    [DataRow("quantize a b c d")]
    [DataRow("quantize a b c --max-parallelism 257")]
    [DataRow("quantize a b c --max-parallelism -1")]
    [DataRow("quantize a b c --max-parallelism many")]
    [DataRow("quantize a b c --nonsense")]
    [DataRow("build")]
    [DataRow("run")]
    [DataRow("run a --top many")]
    [DataRow("run a --repeat -1")]
    [DataRow("compare a b")]
    [DataRow("compare a b c --min-cosine 1.1")]
    [DataRow("compare a b c --min-top1-agreement -0.5")]
    [DataRow("compare a b c --images x")]
    [DataRow("plan a")]
    [DataRow("info")]
    [DataRow("info a --shape b=1x")]
    public void Arguments_that_make_no_sense_return_2_and_point_to_the_help(string arguments)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.AreEqual(2, run.ExitCode, run.ToString());
        Assert.AreEqual("", run.Out);
        StringAssert.Contains(run.Error, "--help");
    }

    [TestMethod]
    [DataRow("--help", "quantize")]
    [DataRow("quantize --help", "CONFIG")]
    [DataRow("build --help", "--manifest")]
    [DataRow("run --help", "NAME=FILE[:SHAPE]")]
    [DataRow("compare --help", "--min-top1-agreement")]
    [DataRow("plan --help", "MODEL")]
    [DataRow("info --help", "--shape")]
    public void Help_goes_to_standard_output(string arguments, string expected)
    {
        CommandRun run = CommandRun.Of(arguments.Split(' '));

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Out, expected);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Each_command_has_examples_that_make_sense()
    {
        RootCommand root = CommandLine.CreateRoot(UserTerminal.OfProcess(), CancellationToken.None);

        foreach (Command command in root.Subcommands)
        {
            IReadOnlyList<string> examples = Examples.Of(command);
            Assert.IsNotEmpty(examples, $"{command.Name} has no example: add one to Examples.");
            Assert.IsEmpty(examples.SelectMany(example => root.Parse(example["mnn-quantize ".Length..]).Errors), command.Name);
            StringAssert.EndsWith(CommandRun.Of(command.Name, "--help").Out.TrimEnd(), examples[^1]);
        }

        StringAssert.Contains(CommandRun.Of("--help").Out, Examples.Of(root)[0]);
    }

    [TestMethod]
    [DataRow("[suggest:4]", "quan", "quantize")]
    [DataRow("[suggest:11]", "quantize --", "--calibration-cache")]
    public void Shells_are_told_what_may_follow(string directive, string line, string expected)
    {
        CommandRun run = CommandRun.Of(directive, line);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        CollectionAssert.Contains(run.Out.Split('\n', StringSplitOptions.TrimEntries), expected);
    }
}
