using System.CommandLine;
using System.Diagnostics;
using Mnn.Quantize.Cli.Commands.Running;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Commands;

/// <summary><c>mnn-quantize run MODEL --input NAME=FILE ...</c>: runs a model once and writes what comes out.</summary>
internal static class RunCommand
{
    private const int MostClasses = 1000;
    private const int MostRepeats = 1_000_000;

    internal static Command Create(UserTerminal terminal, CancellationToken cancellation)
    {
        var model = new Argument<string>("MODEL") { Description = "The model, float or int8." };
        var input = new Option<string[]>("--input", "-i")
        {
            Description = "An input: raw little-endian float32 or int32, .npy, or a picture with --config. The shape is "
                + "1x3x224x224, or 'scalar'. NAME= may be left out if the model has one input.",
            HelpName = "NAME=FILE[:SHAPE]",
        };
        var outputs = new Option<string?>("--output-dir", "-o")
        {
            Description = "Write each output as NAME.npy into this folder; '/' and ':' in names become '_'.",
            HelpName = "DIR",
        };
        var config = new Option<string?>("--config")
        {
            Description = "The quant.json that says how pictures become the model's input.",
            HelpName = "FILE",
        };
        Option<int> top = Shared.Number("--top", "K", "Print the K greatest elements of each output, with their indices.", MostClasses);
        Option<int> repeat = Shared.Number("--repeat", "N", "Run N more times and print median and least time.", MostRepeats);
        Option<bool> quiet = Shared.Quiet();
        Option<bool> json = Shared.Json();

        var command = new Command("run", "Run a model on one set of inputs.")
        {
            model, input, outputs, config, top, repeat, quiet, json,
        };
        command.SetAction(parsed => Run(
            new RunRequest(
                Path.GetFullPath(parsed.GetRequiredValue(model)),
                parsed.GetValue(input) ?? [],
                parsed.GetValue(outputs) is { } folder ? Path.GetFullPath(folder) : null,
                parsed.GetValue(config) is { } file ? Path.GetFullPath(file) : null,
                parsed.GetValue(top),
                parsed.GetValue(repeat)),
            parsed.GetValue(quiet),
            parsed.GetValue(json),
            terminal,
            cancellation));
        return command;
    }

    private static int Run(RunRequest request, bool quiet, bool json, UserTerminal terminal, CancellationToken cancellation)
    {
        InferenceSession session = InferenceSession.Load(request.Model);
        var warnings = new List<Diagnostic>();
        TensorValue[] inputs = new InputReader(session, request.Model, request.Config, warnings).Read(request.Inputs);
        foreach (Diagnostic warning in warnings)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        IReadOnlyList<TensorValue> outputs = session.Run(inputs);
        double[] milliseconds = Time(session, inputs, request.Repeat, cancellation);
        var written = new OutputFiles(request.OutputFolder);
        var results = new List<RunOutput>();
        foreach (TensorValue output in outputs)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(new RunOutput(output, written.Write(output), TopElements.Of(output, request.Top)));
        }

        if (json)
        {
            terminal.Out.WriteLine(RunReport.Json(results, milliseconds));
        }
        else if (!quiet || request.Top > 0 || request.Repeat > 0)
        {
            terminal.Out.Write(RunReport.Text(results, milliseconds, quiet));
        }

        return ExitCode.Success;
    }

    // The run whose outputs are kept comes before, so that code is compiled and memory is there.
    private static double[] Time(InferenceSession session, TensorValue[] inputs, int count, CancellationToken cancellation)
    {
        double[] milliseconds = new double[count];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            session.Run(inputs);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return milliseconds;
    }

    private sealed record RunRequest(
        string Model, IReadOnlyList<string> Inputs, string? OutputFolder, string? Config, int Top, int Repeat);
}
