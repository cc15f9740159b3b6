namespace Mnn.Quantize.Configuration;

/// <summary>How many ranges an activation has in training that is aware of quantization.</summary>
public enum FeatureScaleStat
{
    /// <summary>One a tensor.</summary>
    PerTensor,

    /// <summary>One a channel. The format has room for one scale a tensor, so the widest counts, as in the reference.</summary>
    PerChannel,
}

/// <summary>How the range of an activation follows the batches of training.</summary>
public enum FeatureScaleUpdate
{
    /// <summary>The average of the batches' ranges in which older ones fade.</summary>
    MovingAverage,

    /// <summary>The widest range of all batches.</summary>
    Maximum,
}
