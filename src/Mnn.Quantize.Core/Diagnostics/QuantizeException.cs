namespace Mnn.Quantize.Diagnostics;

/// <summary>The one exception that leaves the engine for anything a user can cause or cure.</summary>
/// <param name="diagnostic">What is wrong, with its code and place.</param>
/// <param name="inner">The exception it was made of, if any.</param>
public sealed class QuantizeException(Diagnostic diagnostic, Exception? inner = null)
    : Exception(diagnostic.ToString(), inner)
{
    /// <summary>What is wrong, with its code and place.</summary>
    public Diagnostic Diagnostic { get; } = diagnostic;
}
