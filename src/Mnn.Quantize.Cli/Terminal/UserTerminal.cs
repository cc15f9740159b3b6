using System.Text;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>The two streams to the user. Redirected, they are UTF-8 whatever the system's encoding: the build reads them.</summary>
internal sealed class UserTerminal : IDisposable
{
    internal UserTerminal(
        TextWriter output,
        TextWriter error,
        bool canRewriteLine,
        bool canColor,
        int outWidth = int.MaxValue,
        bool canColorOut = false,
        int errorWidth = int.MaxValue)
    {
        ErrorWidth = errorWidth;
        OutWidth = outWidth;
        CanColorOut = canColorOut;
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

    /// <summary>Characters in a line of standard error; the greatest integer where it is no terminal.</summary>
    internal int ErrorWidth { get; }

    /// <summary>Characters in a line of standard output; the greatest integer where it is no terminal.</summary>
    internal int OutWidth { get; }

    /// <summary>Whether colour is welcome on standard output.</summary>
    internal bool CanColorOut { get; }

    internal static UserTerminal OfProcess()
    {
        bool noColor = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        bool rewrite = !Console.IsErrorRedirected && !dumb;
        return new UserTerminal(
            Console.IsOutputRedirected ? Utf8(Console.OpenStandardOutput()) : Console.Out,
            Console.IsErrorRedirected ? Utf8(Console.OpenStandardError()) : Console.Error,
            rewrite,
            rewrite && !noColor,
            Console.IsOutputRedirected ? int.MaxValue : WindowWidth(),
            !Console.IsOutputRedirected && !dumb && !noColor,
            Console.IsErrorRedirected ? int.MaxValue : WindowWidth());
    }

    public void Dispose()
    {
        Out.Flush();
        Error.Flush();
    }

    // A terminal that doesn't know its width says 0. A line as wide as the window would be followed by an empty one.
    private static int WindowWidth() => Console.WindowWidth > 1 ? Console.WindowWidth - 1 : int.MaxValue;

    private static StreamWriter Utf8(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
