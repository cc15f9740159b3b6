using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>What one call of the command did, in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    internal static CommandRun Of(params string[] args) => Of(CancellationToken.None, args);

    internal static CommandRun Of(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var terminal = new UserTerminal(output, error, canRewriteLine: false, canColor: false);
        int exitCode = CommandLine.Run(args, terminal, cancellation);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The lines of standard error that MSBuild would take for an error.</summary>
    internal string[] ErrorLines =>
        [.. Error.Split(Environment.NewLine).Where(line => line.Contains(": error MNNQ", StringComparison.Ordinal))];

    public override string ToString() => $"exit code {ExitCode}\n{Out}\n{Error}";
}
