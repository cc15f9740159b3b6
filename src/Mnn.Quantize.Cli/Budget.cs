using System.CommandLine;
using System.Globalization;

namespace Mnn.Quantize.Cli;

/// <summary>What a command may use at most: <c>--timeout</c> and <c>--max-memory</c>, of all commands.</summary>
internal sealed class Budget
{
    private const int LeastMebibytes = 64;

    /// <summary>What waits for a file of a slow disk or network can't be asked to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.6);

    private readonly Option<double> _seconds = Limit(
        "--timeout", "SECONDS", "End with an error after this time; 0, the default, sets no limit.", 0);

    private readonly Option<double> _mebibytes = Limit(
        "--max-memory",
        "MIB",
        $"End with an error before this much memory is exceeded, {LeastMebibytes} or more; 0, the default, sets no limit.",
        LeastMebibytes);

    internal static Budget AddTo(RootCommand root)
    {
        var budget = new Budget();
        root.Options.Add(budget._seconds);
        root.Options.Add(budget._mebibytes);
        return budget;
    }

    /// <summary>Runs a command within its budget.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="end">Ends the command.</param>
    /// <param name="outside">Tells whether something else ended it.</param>
    /// <param name="abort">Ends the process with an error, if the command does not end when it is asked to; or null.</param>
    /// <param name="command">What to run.</param>
    /// <returns>Its exit code.</returns>
    internal int Run(
        ParseResult parsed, CancellationTokenSource end, CancellationToken outside, Action<Exception>? abort, Func<int> command)
    {
        double seconds = parsed.GetValue(_seconds);
        double mebibytes = parsed.GetValue(_mebibytes);
        if (mebibytes > 0)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)(mebibytes * 1024 * 1024));
            GC.RefreshMemoryLimit();
        }

        using var finished = new ManualResetEventSlim();
        Thread? watch = seconds > 0 ? Watch(seconds, finished, end, abort) : null;
        try
        {
            return command();
        }
        catch (OperationCanceledException) when (!outside.IsCancellationRequested && end.IsCancellationRequested)
        {
            throw CommandErrors.TimeIsUp(seconds);
        }
        catch (Exception exception) when (mebibytes > 0 && IsMemory(exception))
        {
            throw CommandErrors.MemoryIsUsedUp(mebibytes, exception);
        }
        finally
        {
            finished.Set();
            watch?.Join();
        }
    }

    // A thread of its own: a timer would have to wait for one of those that the command keeps busy.
    private static Thread Watch(
        double seconds, ManualResetEventSlim finished, CancellationTokenSource end, Action<Exception>? abort)
    {
        var thread = new Thread(() =>
        {
            if (!finished.Wait(TimeSpan.FromSeconds(seconds)))
            {
                end.Cancel();
                if (abort is not null && !finished.Wait(Patience))
                {
                    abort(CommandErrors.TimeIsUp(seconds));
                }
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return thread;
    }

    // Threads that work together wrap what went wrong in one of them.
    private static bool IsMemory(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is AggregateException many && many.Flatten().InnerExceptions.Any(IsMemory))
        || (exception.InnerException is { } inner && IsMemory(inner));

    private static Option<double> Limit(string name, string helpName, string description, int least) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Recursive = true,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                && (value == 0 || value >= least) && value <= int.MaxValue / 1000)
            {
                return value;
            }

            result.AddError($"{name} is '{text}'; it must be 0 or a number from {least} to {int.MaxValue / 1000}.");
            return 0;
        },
    };
}
