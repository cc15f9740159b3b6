namespace Mnn.Quantize.Training.Loop;

/// <summary>Parameters and state of a net at one time.</summary>
/// <param name="Arrays">All of them, in the net's order.</param>
internal sealed record NetSnapshot(float[][] Arrays)
{
    /// <summary>Copies what a net has.</summary>
    public static NetSnapshot Of(ITrainableNet net) => new([.. Live(net).Select(array => (float[])array.Clone())]);

    /// <summary>Gives it back to the net.</summary>
    public void Restore(ITrainableNet net)
    {
        int i = 0;
        foreach (float[] array in Live(net))
        {
            Arrays[i++].CopyTo(array, 0);
        }

        net.AfterUpdate();
    }

    private static IEnumerable<float[]> Live(ITrainableNet net) => net.Parameters.Select(p => p.Value).Concat(net.State);
}

/// <summary>How far a training is and what it has found: all that goes on after a kill but the net and the optimizer.</summary>
internal sealed class TrainState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Sum of the loss over the examples of this epoch so far.</summary>
    public double LossSum { get; set; }

    /// <summary>Examples of this epoch so far that were right.</summary>
    public long Right { get; set; }

    /// <summary>Examples of this epoch so far.</summary>
    public long Seen { get; set; }

    /// <summary>The epochs done.</summary>
    public List<TrainEpoch> Epochs { get; } = [];

    /// <summary>What the net came to that was rounded and not trained; null without examples for evaluation.</summary>
    public TrainEpoch? Untrained { get; set; }

    /// <summary>Index in <see cref="Epochs"/> of the best one; -1 while none is better than <see cref="Untrained"/>.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>What the best net came to; null for none.</summary>
    public TrainEpoch? BestSoFar => BestEpoch >= 0 ? Epochs[BestEpoch] : Untrained;

    /// <summary>The net after the best epoch; null for none.</summary>
    public NetSnapshot? Best { get; set; }

    /// <summary>Time spent, in seconds, by all processes that worked on it.</summary>
    public double Seconds { get; set; }
}
