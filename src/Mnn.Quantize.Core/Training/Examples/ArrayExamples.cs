using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Examples that are read from their files each time: arrays, for any number of inputs.</summary>
/// <param name="graph">The model.</param>
/// <param name="feeder">Knows how to read them.</param>
/// <param name="samples">Paths of the examples.</param>
internal sealed class ArrayExamples(Graph graph, ISampleFeeder feeder, IReadOnlyList<string> samples) : ExampleSet
{
    private readonly InferenceSession _session = new(graph);

    /// <summary>With classes.</summary>
    public ArrayExamples(Graph graph, ISampleFeeder feeder, IReadOnlyList<string> samples, ExampleLabels? labels)
        : this(graph, feeder, samples) => Labels = labels;

    /// <inheritdoc/>
    public override int Count => samples.Count;

    /// <inheritdoc/>
    public override string NameOf(int index) => Path.GetFileName(samples[index]);

    /// <inheritdoc/>
    public override IReadOnlyList<TensorValue> Read(ReadOnlySpan<int> indices, Augmentation? augmentation)
    {
        var wanted = new string[indices.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            wanted[i] = samples[indices[i]];
        }

        feeder.Feed(_session, wanted);
        TensorValue[] values = [.. graph.Inputs.Select(input => _session.ReadOutput(input.Id))];
        _session.Runner.ReleaseAll();
        return values;
    }
}
