using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Training;

/// <summary>A model whose parameters can be trained. One thread uses it; it shares the work out by itself.</summary>
internal interface ITrainableNet
{
    /// <summary>What an optimizer changes, in a fixed order.</summary>
    IReadOnlyList<TrainableParameter> Parameters { get; }

    /// <summary>
    /// What a checkpoint keeps beside the parameters: running statistics, ranges of activations, counters. The arrays
    /// are live; whoever writes to them, to restore a checkpoint, calls <see cref="AfterUpdate"/>.
    /// </summary>
    IReadOnlyList<float[]> State { get; }

    /// <summary>Whether the model takes several samples at once; known after the first batch of more than one, true until then.</summary>
    bool TakesSeveral { get; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">One value an input as the model declares it, with the batch in dimension 0.</param>
    /// <param name="training">
    /// True in a training step: BatchNorm takes the batch's statistics and notes them, Dropout drops, ranges of
    /// activations are followed. False computes what the saved model will.
    /// </param>
    /// <returns>One value an output, row-major, in the model's order; the caller may keep them.</returns>
    /// <exception cref="Diagnostics.QuantizeException">An operator can't work with these shapes.</exception>
    IReadOnlyList<TensorValue> Forward(IReadOnlyList<TensorValue> inputs, bool training);

    /// <summary>Fills the gradient of each parameter, after <see cref="Forward"/> with training true.</summary>
    /// <param name="outputGradients">
    /// Derivative of the loss by each output, row-major; null for an output that the loss does not know.
    /// </param>
    void Backward(IReadOnlyList<float[]?> outputGradients);

    /// <summary>Takes over changed parameters and state: scales of weights follow the weights.</summary>
    void AfterUpdate();

    /// <summary>
    /// The model as trained so far. With quantization the int8 model, which computes what
    /// <see cref="Forward"/> does with training false; without it the float model, BatchNorm kept.
    /// </summary>
    MnnModel ToModel();
}
