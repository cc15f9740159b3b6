using System.CommandLine;
using Mnn.Quantize.Cli.Reports;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Reporting;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize quantize SRC DST CONFIG</c>: one model, with the argument order of MNN's own tool.</summary>
internal static class QuantizeCommand
{
    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var source = new Argument<string>("SRC") { Description = "The float model, a .mnn file." };
        var destination = new Argument<string>("DST") { Description = "Where the int8 model goes." };
        var config = new Argument<string?>("CONFIG")
        {
            Description = "The quant.json: pictures, preprocessing, methods. May be left out with --mode weight_only and fp16.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var weights = new WeightOptions();
        Option<int> parallelism = Shared.MaxParallelism();
        var dependencies = new Option<string?>("--dependency-file")
        {
            Description = "Write the list of all files that the result depends on, one path a line.",
            HelpName = "FILE",
        };
        var scales = new Option<bool>("--scales")
        {
            Description = "Write DST.json, too: the scales as MNN's own tool writes them. With debug in CONFIG it always is.",
        };
        var written = new Option<string?>("--lock")
        {
            Description = "Write all that is found out into this file, to be checked in: MODEL.mnn.quant.lock.",
            HelpName = "FILE",
        };
        var obeyed = new Option<string?>("--locked")
        {
            Description = "Make the model of this lock file, without pictures; any difference is an error.",
            HelpName = "FILE",
        };
        Option<string?> report = Shared.Report();
        var cache = new Option<string?>("--calibration-cache")
        {
            Description = "Keep in this folder what calibration saw of each picture, so that only new ones are run the next time.",
            HelpName = "DIR",
        };
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("quantize", "Calibrate and quantize one model.")
        {
            source, destination, config, weights.Mode, weights.Bits, weights.Symmetric, weights.Block, parallelism, cache, dependencies, scales, written, obeyed, report, quiet, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(written) is not null && result.GetResult(obeyed) is not null)
            {
                result.AddError("--lock writes a lock file and --locked obeys one: give one of them.");
            }

            if (result.GetValue(config) is null && result.GetResult(weights.Mode) is null)
            {
                result.AddError("CONFIG is missing. Only --mode weight_only and --mode fp16 do without.");
            }
        });
        command.SetAction(parsed => Run(
            new QuantizeOptions
            {
                Source = Path.GetFullPath(parsed.GetRequiredValue(source)),
                Destination = Path.GetFullPath(parsed.GetRequiredValue(destination)),
                Config = parsed.GetValue(config) is { } named ? Path.GetFullPath(named) : "",
                Settings = weights.Settings(parsed),
                SettingsFile = WeightOptions.Origin,
                MaxParallelism = parsed.GetValue(parallelism),
                DependencyFile = parsed.GetValue(dependencies) is { } file ? Path.GetFullPath(file) : null,
                CalibrationCache = parsed.GetValue(cache) is { } folder ? Path.GetFullPath(folder) : null,
                WriteScales = parsed.GetValue(scales),
                LockFile = (parsed.GetValue(obeyed) ?? parsed.GetValue(written)) is { } locked ? Path.GetFullPath(locked) : null,
                Locked = parsed.GetValue(obeyed) is not null,
                WantsSensitivities = parsed.GetValue(report) is not null,
            },
            parsed.GetValue(report),
            parsed.GetValue(quiet),
            parsed.GetValue(json),
            terminal,
            cancellation));
        return command;
    }

    private static int Run(
        QuantizeOptions options,
        string? report,
        bool quiet,
        bool json,
        UserTerminal terminal,
        CancellationToken cancellation)
    {
        QuantizeResult result;
        using (var progress = new ProgressLine(terminal, Path.GetFileName(options.Source)))
        {
            result = QuantizePipeline.Run(options, quiet ? null : progress, cancellation);
            if (report is not null)
            {
                ReportOutput.Write(ModelComparison.Report(options, result, quiet ? null : progress, cancellation), report);
            }
        }

        foreach (Diagnostic warning in result.Warnings)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        if (json)
        {
            terminal.Out.WriteLine(Summary.Json(result));
        }
        else if (!quiet)
        {
            if (result.Tried.Count > 0)
            {
                TriedText.Write(result.Tried, result.SourceBytes, terminal.Out, terminal.OutWidth, terminal.CanColorOut);
                terminal.Out.WriteLine();
            }

            if (result.Comparison is { } comparison)
            {
                ComparisonText.Write(comparison, terminal.Out, terminal.OutWidth, terminal.CanColorOut);
                terminal.Out.WriteLine();
            }

            terminal.Out.WriteLine(Summary.Line(result));
        }

        return ExitCode.Success;
    }
}
