using System.CommandLine;
using Mnn.Quantize.Cli.Reports;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize compare FLOAT INT8 CONFIG</c>: what a model lost when it was quantized.</summary>
internal static class CompareCommand
{
    private const int MostPictures = 1_000_000;

    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var expected = new Argument<string>("FLOAT") { Description = "The float model, a .mnn file." };
        var actual = new Argument<string>("INT8") { Description = "The int8 model that was made of it." };
        var config = new Argument<string>("CONFIG") { Description = "The quant.json: pictures and preprocessing." };
        Option<int> images = Shared.Number("--images", "N", "Compare on the first N pictures; 0 takes as many as CONFIG does.", MostPictures);
        Option<double?> minCosine = Shared.Share(
            "--min-cosine", "Fail (exit code 1) if the mean cosine of an output is below, -1 to 1.", -1);
        Option<double?> minTop1 = Shared.Share(
            "--min-top1-agreement", "Fail (exit code 1) if both choose the same first class on a smaller share of the pictures, 0 to 1.", 0);
        Option<string?> report = Shared.Report();
        var labels = new Option<string?>("--labels")
        {
            Description = "Measure accuracy: a file of lines NAME LABEL, or 'folders' where each class has a folder. Instead of CONFIG's labels.",
            HelpName = "FILE",
        };
        Option<int> parallelism = Shared.MaxParallelism();
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("compare", "Compare an int8 model with its float model, tensor by tensor.")
        {
            expected, actual, config, images, minCosine, minTop1, labels, report, parallelism, quiet, json,
        };
        command.SetAction(parsed =>
        {
            ComparisonReport found = Run(
                new ComparisonOptions
                {
                    Float = Path.GetFullPath(parsed.GetRequiredValue(expected)),
                    Int8 = Path.GetFullPath(parsed.GetRequiredValue(actual)),
                    Config = Path.GetFullPath(parsed.GetRequiredValue(config)),
                    Pictures = parsed.GetValue(images),
                    MaxParallelism = parsed.GetValue(parallelism),
                    Labels = parsed.GetValue(labels) is not { } classes || classes == "folders" ? parsed.GetValue(labels) : Path.GetFullPath(classes),
                    WantsReport = parsed.GetValue(report) is not null,
                },
                parsed.GetValue(quiet),
                terminal,
                cancellation);
            if (parsed.GetValue(report) is { } path)
            {
                ReportOutput.Write(found.Report!, path);
            }

            Shared.Show(
                terminal,
                found.Warnings,
                parsed.GetValue(json) ? ComparisonText.Json(found) : null,
                parsed.GetValue(quiet) ? null : writer => ComparisonText.Write(found, writer, terminal.OutWidth, terminal.CanColorOut));
            return Judge(found.Check(parsed.GetValue(minCosine), parsed.GetValue(minTop1)), terminal);
        });
        return command;
    }

    private static ComparisonReport Run(
        ComparisonOptions options, bool quiet, UserTerminal terminal, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(terminal, Path.GetFileName(options.Int8));
        return ModelComparison.Run(options, quiet ? null : progress, cancellation);
    }

    private static int Judge(IReadOnlyList<Diagnostic> errors, UserTerminal terminal)
    {
        foreach (Diagnostic error in errors)
        {
            terminal.Error.WriteLine(error.ToString());
        }

        return errors.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
