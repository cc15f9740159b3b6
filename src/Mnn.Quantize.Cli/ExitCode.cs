namespace Mnn.Quantize.Cli;

/// <summary>What the command returns to its caller. Scripts rely on these numbers; they never change.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    internal const int Success = 0;

    /// <summary>A diagnostic on standard error says what went wrong.</summary>
    internal const int Failure = 1;

    /// <summary>The arguments make no sense.</summary>
    internal const int Usage = 2;

    /// <summary>The user interrupted: 128 + SIGINT, as shells report it.</summary>
    internal const int Cancelled = 130;
}
