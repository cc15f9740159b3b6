using System.Text;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>The two streams to the user. Redirected, they are UTF-8 whatever the system's encoding: the build reads them.</summary>
internal sealed class UserTerminal : IDisposable
{
    internal UserTerminal(TextWriter output, TextWriter error, bool canRewriteLine, bool canColor)
    {
        Out = output;
        Error = TextWriter.Synchronized(error);
        CanRewriteLine = canRewriteLine;
        CanColor = canColor;
    }

    /// <summary>Results: what a script reads.</summary>
    internal TextWriter Out { get; }

    /// <summary>Diagnostics and progress. Safe for use by several threads.</summary>
    internal TextWriter Error { get; }

    /// <summary>Whether standard error is a terminal on which a line can be written over.</summary>
    internal bool CanRewriteLine { get; }

    /// <summary>Whether colour is welcome: a terminal, and no NO_COLOR (https://no-color.org).</summary>
    internal bool CanColor { get; }

    internal static UserTerminal OfProcess()
    {
        bool rewrite = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new UserTerminal(
            Console.IsOutputRedirected ? Utf8(Console.OpenStandardOutput()) : Console.Out,
            Console.IsErrorRedirected ? Utf8(Console.OpenStandardError()) : Console.Error,
            rewrite,
            rewrite && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }

    public void Dispose()
    {
        Out.Flush();
        Error.Flush();
    }

    private static StreamWriter Utf8(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
