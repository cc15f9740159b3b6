using System.CommandLine;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize train MODEL OUT CONFIG</c>: trains a float model on, aware of quantization, into an int8 model.</summary>
internal static class TrainCommand
{
    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var source = new Argument<string>("MODEL") { Description = "The float model, a .mnn file." };
        var destination = new Argument<string>("OUT") { Description = "Where the int8 model goes." };
        var config = new Argument<string>("CONFIG") { Description = "The quant.json, with a section \"train\"." };
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on where an interrupted training stopped; the result is the same as without the interruption.",
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "Where the state of the training is kept until it is done; OUT.checkpoint by default.",
            HelpName = "FILE",
        };
        Option<int> parallelism = Shared.MaxParallelism();
        var dependencies = new Option<string?>("--dependency-file")
        {
            Description = "Write the list of all files that the result depends on, one path a line.",
            HelpName = "FILE",
        };
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("train", "Train a model on, aware of quantization, and write it as int8.")
        {
            source, destination, config, resume, checkpoint, parallelism, dependencies, quiet, json,
        };
        command.SetAction(parsed => Run(
            new TrainOptions
            {
                Source = Path.GetFullPath(parsed.GetRequiredValue(source)),
                Destination = Path.GetFullPath(parsed.GetRequiredValue(destination)),
                Config = Path.GetFullPath(parsed.GetRequiredValue(config)),
                Resume = parsed.GetValue(resume) ? TrainResume.Always : TrainResume.Never,
                Checkpoint = parsed.GetValue(checkpoint),
                MaxParallelism = parsed.GetValue(parallelism),
                DependencyFile = parsed.GetValue(dependencies) is { } file ? Path.GetFullPath(file) : null,
            },
            parsed.GetValue(quiet),
            parsed.GetValue(json),
            terminal,
            cancellation));
        return command;
    }

    private static int Run(TrainOptions options, bool quiet, bool json, UserTerminal terminal, CancellationToken cancellation)
    {
        TrainResult result;
        try
        {
            using var progress = new ProgressLine(terminal, Path.GetFileName(options.Source));
            result = TrainPipeline.Run(options, quiet ? null : progress, cancellation);
        }
        catch (OperationCanceledException) when (File.Exists(options.CheckpointFile))
        {
            terminal.Error.WriteLine("mnn-quantize: cancelled, no model was written. --resume goes on where the training stopped.");
            return ExitCode.Cancelled;
        }

        foreach (Diagnostic warning in result.Warnings)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        if (json)
        {
            terminal.Out.WriteLine(TrainSummary.Json(result));
        }
        else if (!quiet)
        {
            TrainSummary.Write(result, terminal.Out);
        }

        return ExitCode.Success;
    }
}
