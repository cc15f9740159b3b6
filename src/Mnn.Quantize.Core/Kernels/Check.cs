using System.Diagnostics.CodeAnalysis;

namespace Mnn.Quantize.Kernels;

/// <summary>Checks of arguments at the entry of a kernel, after which pointers are used.</summary>
internal static class Check
{
    /// <summary>Throws unless the condition holds.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">A sentence that says what doesn't.</param>
    /// <exception cref="ArgumentException">It doesn't hold.</exception>
    public static void That([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
