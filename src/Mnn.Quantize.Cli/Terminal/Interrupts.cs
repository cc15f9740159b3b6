using System.Runtime.InteropServices;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>
/// Ctrl+C and a polite kill: the first asks the run to end, and if it has not ended most of a second later, or at the
/// second Ctrl+C, the process ends. Results are written under a temporary name and renamed, so that nothing half written is
/// left under the name that was asked for.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.6);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    internal Interrupts()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Cancelled);
        }

        var watchdog = new Thread(() =>
        {
            Thread.Sleep(Patience);
            Environment.Exit(ExitCode.Cancelled);
        })
        {
            IsBackground = true,
        };
        watchdog.Start();
        _source.Cancel();
    }
}
