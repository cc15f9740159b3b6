using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli;

/// <summary>The one place where exceptions become what a user reads.</summary>
internal static class Guard
{
    /// <summary>Set to 1, an unexpected exception is shown with its stack trace.</summary>
    internal const string DebugVariable = "MNNQ_DEBUG";

    internal static int Run(UserTerminal terminal, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("mnn-quantize: cancelled, nothing was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception)
        {
            Report(terminal, exception);
            return ExitCode.Failure;
        }
    }

    /// <summary>Shows what went wrong: the diagnostic of a foreseen error, else the request to report a defect.</summary>
    internal static void Report(UserTerminal terminal, Exception exception)
    {
        QuantizeException known = exception as QuantizeException ?? CommandErrors.Internal(exception);
        terminal.Error.WriteLine(known.Diagnostic.ToString());
        if (exception is not QuantizeException && Environment.GetEnvironmentVariable(DebugVariable) == "1")
        {
            terminal.Error.WriteLine(exception.ToString());
        }
    }
}
