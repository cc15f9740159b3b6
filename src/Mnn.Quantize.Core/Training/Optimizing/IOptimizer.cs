namespace Mnn.Quantize.Training.Optimizing;

/// <summary>Changes parameters by their gradients.</summary>
internal interface IOptimizer
{
    /// <summary>What a checkpoint keeps of it, live arrays in a fixed order.</summary>
    IReadOnlyList<float[]> State { get; }

    /// <summary>Makes one step with the gradients that the parameters have now.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Steps made before this one, since the training began.</param>
    void Step(float rate, long step);
}
