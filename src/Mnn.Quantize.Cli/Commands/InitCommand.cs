using System.CommandLine;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize init MODEL</c>: a first quant.json.</summary>
internal static class InitCommand
{
    private const string UsualFile = "quant.json";
    private const string UsualPath = "calibration/";

    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var model = new Argument<string>("MODEL") { Description = "The float model, a .mnn file." };
        var output = new Option<string>("--output", "-o")
        {
            Description = $"Where the config goes; {UsualFile} by default.",
            HelpName = "FILE",
            DefaultValueFactory = _ => UsualFile,
        };
        var path = new Option<string>("--path")
        {
            Description = $"The calibration data, relative to the config; {UsualPath} by default.",
            HelpName = "DATA",
            DefaultValueFactory = _ => UsualPath,
        };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there." };

        var command = new Command("init", "Write a first quant.json for a model, with comments on what to check.")
        {
            model, output, path, force,
        };
        command.SetAction(parsed =>
        {
            string file = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (File.Exists(file) && !parsed.GetValue(force))
            {
                throw CommandErrors.ConfigExists(file);
            }

            string source = Path.GetFullPath(parsed.GetRequiredValue(model));
            string data = parsed.GetRequiredValue(path);
            string config = ConfigTemplate.For(source, data);
            cancellation.ThrowIfCancellationRequested();
            AtomicFile.WriteText(file, config);
            terminal.Out.WriteLine(
                $"{Path.GetFileName(file)} written. Check what its comments say, and put pictures or arrays like those of the app into {data}");
            return ExitCode.Success;
        });
        return command;
    }
}
