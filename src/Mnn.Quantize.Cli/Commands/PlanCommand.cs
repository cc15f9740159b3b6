using System.CommandLine;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize plan MODEL CONFIG</c>: what will be int8, what not and why, before anything is done.</summary>
internal static class PlanCommand
{
    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var model = new Argument<string>("MODEL") { Description = "The float model, a .mnn file." };
        var config = new Argument<string>("CONFIG") { Description = "The quant.json." };
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("plan", "Tell what quantizing would make of a model; write nothing.")
        {
            model, config, quiet, json,
        };
        command.SetAction(parsed =>
        {
            PlanReport report = QuantizePipeline.Plan(
                Path.GetFullPath(parsed.GetRequiredValue(model)), Path.GetFullPath(parsed.GetRequiredValue(config)), cancellation);
            Shared.Show(
                terminal,
                report.Warnings,
                parsed.GetValue(json) ? PlanText.Json(report) : null,
                parsed.GetValue(quiet) ? null : writer => PlanText.Write(report, writer, terminal.OutWidth, terminal.CanColorOut));
            return ExitCode.Success;
        });
        return command;
    }
}
