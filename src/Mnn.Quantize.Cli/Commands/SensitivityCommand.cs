using System.CommandLine;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Model;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize sensitivity MODEL CONFIG</c>: which operators lose the most by being quantized.</summary>
internal static class SensitivityCommand
{
    private const int MostOperators = 1_000_000;
    private const int MostPictures = 1_000_000;

    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var model = new Argument<string>("MODEL") { Description = "The float model, a .mnn file." };
        var config = new Argument<string>("CONFIG") { Description = "The quant.json: pictures, preprocessing, methods." };
        Option<int> top = Shared.Number("--top", "N", "Show the N operators that lose the most; 0 shows all.", MostOperators);
        Option<int> images = Shared.Number(
            "--images", "N", $"Measure on N pictures, taken evenly from all; 0 takes {SensitivityAnalysis.UsualSamples}.", MostPictures);
        var report = new Option<string?>("--report")
        {
            Description = "Write the result as JSON into this file, too.",
            HelpName = "FILE",
        };
        Option<int> parallelism = Shared.MaxParallelism();
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("sensitivity", "Rank the operators by what each alone does to the outputs if it is quantized.")
        {
            model, config, top, images, report, parallelism, quiet, json,
        };
        command.SetAction(parsed =>
        {
            string source = Path.GetFullPath(parsed.GetRequiredValue(model));
            SensitivityReport found;
            using (var progress = new ProgressLine(terminal, Path.GetFileName(source)))
            {
                found = SensitivityAnalysis.Run(
                    new QuantizeOptions
                    {
                        Source = source,
                        Destination = "",
                        Config = Path.GetFullPath(parsed.GetRequiredValue(config)),
                        MaxParallelism = parsed.GetValue(parallelism),
                    },
                    parsed.GetValue(images) is > 0 and var count ? count : SensitivityAnalysis.UsualSamples,
                    parsed.GetValue(quiet) ? null : progress,
                    cancellation);
            }

            if (parsed.GetValue(report) is { } file)
            {
                AtomicFile.Write(file, SensitivityText.Json(found));
            }

            Shared.Show(
                terminal,
                found.Warnings,
                parsed.GetValue(json) ? SensitivityText.Json(found) : null,
                parsed.GetValue(quiet)
                    ? null
                    : writer => SensitivityText.Write(found, writer, parsed.GetValue(top), terminal.OutWidth, terminal.CanColorOut));
            return ExitCode.Success;
        });
        return command;
    }
}
