using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize;

/// <summary>The whole way from a float model to an int8 model.</summary>
public static class QuantizePipeline
{
    /// <summary>Quantizes one model.</summary>
    /// <param name="options">What to quantize, with what, into what.</param>
    /// <param name="progress">Told of each step, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run within a second, with nothing written.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="QuantizeException">Anything wrong with options, files or model.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static QuantizeResult Run(
        QuantizeOptions options, IProgress<QuantizeProgress>? progress = null, CancellationToken cancellation = default)
    {
        throw new NotImplementedException();
    }
}
