using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Examples to train or evaluate with, in a fixed order.</summary>
internal abstract class ExampleSet
{
    /// <summary>How many.</summary>
    public abstract int Count { get; }

    /// <summary>Their classes; null if they have none.</summary>
    public ExampleLabels? Labels { get; protected init; }

    /// <summary>What an example is called in messages.</summary>
    public virtual string NameOf(int index) => $"example {index + 1}";

    /// <summary>Makes the inputs of a batch.</summary>
    /// <param name="indices">Which examples, in which order.</param>
    /// <param name="augmentation">How they are varied; null for not at all.</param>
    /// <returns>One value an input, the batch in dimension 0; valid until the next call.</returns>
    /// <exception cref="Diagnostics.QuantizeException">A file can't be read.</exception>
    public abstract IReadOnlyList<TensorValue> Read(ReadOnlySpan<int> indices, Augmentation? augmentation);

    /// <summary>The classes of a batch; empty if there are none.</summary>
    public ReadOnlySpan<int> LabelsOf(ReadOnlySpan<int> indices)
    {
        if (Labels is null)
        {
            return [];
        }

        int[] labels = new int[indices.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = Labels.Values[indices[i]];
        }

        return labels;
    }
}
