using System.CommandLine;
using System.CommandLine.Parsing;
using Mnn.Quantize.Cli.Commands;
using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli;

/// <summary>From arguments to an exit code. Each command is one file in <c>Commands/</c> and one line here.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="terminal">Where to it writes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="exit">Ends the process where a command does not end in time; null leaves it to itself.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    internal static int Run(
        IReadOnlyList<string> args, UserTerminal terminal, CancellationToken cancellation, Action<int>? exit = null)
    {
        // Ends with what ended the command from outside, or when its time is up.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        RootCommand root = CreateRoot(terminal, end.Token);
        var budget = Budget.AddTo(root);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed, terminal);
        }

        return Guard.Run(
            terminal,
            () => budget.Run(parsed, end, cancellation, exit is null ? null : Abort, () => parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            })));

        void Abort(Exception reason)
        {
            Guard.Report(terminal, reason);
            exit!(ExitCode.Failure);
        }
    }

    internal static RootCommand CreateRoot(UserTerminal terminal, CancellationToken cancellation)
    {
        var root = new RootCommand("Turns float MNN models into int8 models.")
        {
            InitCommand.Create(terminal, cancellation),
            QuantizeCommand.Create(terminal, cancellation),
            TrainCommand.Create(terminal, cancellation),
            BuildCommand.Create(terminal, cancellation),
            RunCommand.Create(terminal, cancellation),
            CompareCommand.Create(terminal, cancellation),
            PlanCommand.Create(terminal, cancellation),
            SensitivityCommand.Create(terminal, cancellation),
            InfoCommand.Create(terminal, cancellation),
        };
        Examples.AddTo(root);
        return root;
    }

    private static int ReportUsage(ParseResult parsed, UserTerminal terminal)
    {
        foreach (ParseError error in parsed.Errors)
        {
            terminal.Error.WriteLine("mnn-quantize: " + error.Message);
        }

        string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        terminal.Error.WriteLine($"Try 'mnn-quantize {command}--help'.");
        return ExitCode.Usage;
    }
}
