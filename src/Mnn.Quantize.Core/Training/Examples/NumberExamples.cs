using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Examples of numbers in memory, for the one input that needs data; the others have their constant.</summary>
internal sealed class NumberExamples : ExampleSet
{
    private readonly float[][] _rows;
    private readonly GraphInput _input;
    private readonly int[] _shape;
    private readonly TensorValue?[] _constants;

    /// <summary>Takes numbers.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="constants">Which inputs are constant; one is open.</param>
    /// <param name="shape">The open input's dimensions; the first one is the batch.</param>
    /// <param name="rows">One array an example, as long as the shape says.</param>
    /// <param name="labels">Their classes; null if they have none.</param>
    public NumberExamples(Graph graph, ConstantInputs constants, int[] shape, float[][] rows, ExampleLabels? labels)
    {
        (_rows, _shape, _input, Labels) = (rows, shape, constants.Open[0], labels);
        var session = new InferenceSession(graph);
        constants.Fill(session);
        _constants = [.. graph.Inputs.Select(input => input == _input ? null : session.ReadOutput(input.Id))];
    }

    /// <inheritdoc/>
    public override int Count => _rows.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorValue> Read(ReadOnlySpan<int> indices, Augmentation? augmentation)
    {
        int length = _rows[0].Length;
        float[] values = new float[indices.Length * length];
        for (int i = 0; i < indices.Length; i++)
        {
            _rows[indices[i]].CopyTo(values, i * length);
        }

        var open = new TensorValue(_input.Name, [indices.Length, .. _shape.Skip(1)], values);
        return [.. _constants.Select(constant => constant ?? open)];
    }
}
