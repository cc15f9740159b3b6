using Mnn.Quantize.Model;

namespace Mnn.Quantize.Training;

/// <summary>Makes models trainable.</summary>
internal static class TrainingGraph
{
    /// <summary>A trainable net that starts from a float model.</summary>
    /// <param name="model">The float model, whose BatchNorm operators may still be there; it is not changed.</param>
    /// <param name="options">How.</param>
    /// <exception cref="Diagnostics.QuantizeException">
    /// The model has an operator without a gradient behind a trainable one, or is already quantized.
    /// </exception>
    public static ITrainableNet Create(MnnModel model, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return new TrainableNet(new TrainingPlanner(model, options).Plan());
    }
}
