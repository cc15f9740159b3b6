namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// An operator, or several in a row, in training. A layer may need to know something of the whole batch before it can go
/// on; then it says so, and all lanes meet there.
/// </summary>
internal abstract class Layer
{
    /// <summary>What it trains.</summary>
    public virtual IEnumerable<TrainableParameter> Parameters => [];

    /// <summary>What it keeps beside.</summary>
    public virtual IEnumerable<float[]> State => [];

    /// <summary>Whether lanes meet within <see cref="Forward"/>.</summary>
    public virtual bool Meets => false;

    /// <summary>Whether lanes meet within <see cref="Backward"/>.</summary>
    public virtual bool MeetsBackward => false;

    /// <summary>Begins a training step.</summary>
    /// <param name="lanes">Lanes that will run.</param>
    public virtual void Begin(int lanes)
    {
    }

    /// <summary>Computes what a run can on its own: everything, unless lanes meet.</summary>
    public abstract void Forward(TrainingRun run);

    /// <summary>Brings together what the lanes found; called once, where they meet or at the end.</summary>
    public virtual void Merge()
    {
    }

    /// <summary>Goes on after the lanes met.</summary>
    public virtual void Finish(TrainingRun run)
    {
    }

    /// <summary>Before lanes meet on the way back.</summary>
    public virtual void Collect(TrainingRun run)
    {
    }

    /// <summary>Where lanes meet on the way back.</summary>
    public virtual void MergeBackward()
    {
    }

    /// <summary>From the gradients of outputs to those of inputs; parameters' are summed up by lane.</summary>
    public abstract void Backward(TrainingRun run);

    /// <summary>Sums the parameters' gradients up over the lanes.</summary>
    public virtual void Reduce()
    {
    }

    /// <summary>Takes over changed parameters.</summary>
    public virtual void Update()
    {
    }
}
