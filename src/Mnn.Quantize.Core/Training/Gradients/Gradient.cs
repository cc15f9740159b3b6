namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of one kind of operator at one place in a model. It reads inputs, not outputs: those may have been
/// rounded since.
/// </summary>
internal abstract class Gradient
{
    /// <summary>What of the operator is trained.</summary>
    public virtual IEnumerable<TrainableParameter> Parameters => [];

    /// <summary>Begins a training step.</summary>
    public virtual void Begin(int lanes)
    {
    }

    /// <summary>Computes the wanted gradients of the inputs from those of the outputs.</summary>
    public abstract void Run(GradientContext context);

    /// <summary>Sums parameters' gradients up over the lanes.</summary>
    public virtual void Reduce()
    {
    }
}
