using System.CommandLine;
using Mnn.Quantize.Cli.Building;
using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize build --manifest FILE</c>: brings the models of one project up to date. The build calls it.</summary>
internal static class BuildCommand
{
    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var manifest = new Option<string>("--manifest")
        {
            Description = "The list of models, as the build task writes it.",
            HelpName = "FILE",
            Required = true,
        };
        Option<int> parallelism = Shared.MaxParallelism();
        var plan = new Option<bool>("--plan")
        {
            Description = "Tell for each model that is quantized what becomes of each operator and why, on standard error.",
        };

        var command = new Command("build", "Quantize those models of a project that are out of date.")
        {
            manifest, parallelism, plan,
        };
        command.SetAction(parsed =>
        {
            Manifest read = Manifest.Read(Path.GetFullPath(parsed.GetRequiredValue(manifest)));
            return new ProjectBuilder(
                read, parsed.GetValue(parallelism), parsed.GetValue(plan), terminal, cancellation).Run();
        });
        return command;
    }
}
