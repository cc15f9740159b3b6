using System.CommandLine;
using Mnn.Quantize.Cli.Commands.Running;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize info MODEL</c>: what a model is made of.</summary>
internal static class InfoCommand
{
    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var model = new Argument<string>("MODEL") { Description = "The model, float or int8." };
        var shapes = new Option<string[]>("--shape", "-s")
        {
            Description = "The shape of an input that the model leaves open. NAME= may be left out if the model has one input.",
            HelpName = "NAME=1x3x224x224",
        };
        shapes.Validators.Add(result =>
        {
            foreach (string wrong in result.Tokens.Select(t => t.Value).Where(t => Shape(t) is null))
            {
                result.AddError($"--shape is '{wrong}'; it must be like input=1x3x224x224, or input=scalar.");
            }
        });
        Option<bool> json = Shared.Json();

        var command = new Command("info", "Describe a model: inputs, outputs, operators, shapes, sizes.")
        {
            model, shapes, json,
        };
        command.SetAction(parsed =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(model));
            Dictionary<string, int[]> given = [];
            foreach (string text in parsed.GetValue(shapes) ?? [])
            {
                given[Name(text)] = Shape(text)!;
            }

            ModelDescription description = ModelInspection.Describe(path, given, cancellation);
            Shared.Show(
                terminal,
                description.Warnings,
                parsed.GetValue(json) ? DescriptionText.Json(description) : null,
                writer => DescriptionText.Write(description, writer, terminal.OutWidth, terminal.CanColorOut));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Name(string text) => text[..Math.Max(0, text.LastIndexOf('='))];

    private static int[]? Shape(string text) => ShapeText.Parse(text[(text.LastIndexOf('=') + 1)..]);
}
