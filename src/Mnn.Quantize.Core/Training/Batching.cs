using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training;

/// <summary>How many samples a model takes at once.</summary>
internal static class Batching
{
    private const float Tolerance = 1e-3f;

    /// <summary>Samples of a batch.</summary>
    /// <exception cref="QuantizeException">The inputs have different numbers.</exception>
    public static int Samples(Graph graph, IReadOnlyList<TensorValue> inputs)
    {
        int samples = inputs[0].Shape[0];
        foreach (TensorValue input in inputs)
        {
            if (input.Shape.Count == 0 || input.Shape[0] != samples)
            {
                throw Errors.BatchSizesDiffer(
                    graph.File, input.Name, input.Shape.Count == 0 ? 0 : input.Shape[0], samples);
            }
        }

        return samples;
    }

    /// <summary>
    /// Whether a model computes of two samples what it computes of each alone. Models that were converted with a batch of
    /// one often have it in the constants of a reshape.
    /// </summary>
    /// <param name="graph">The float model.</param>
    /// <param name="inputs">A batch of at least two samples.</param>
    public static bool TakesSeveral(Graph graph, IReadOnlyList<TensorValue> inputs)
    {
        var session = new InferenceSession(graph);
        IReadOnlyList<TensorValue> first = session.Run([.. inputs.Select(v => BatchSlice.Of(v, 0, 1))]);
        IReadOnlyList<TensorValue> second = session.Run([.. inputs.Select(v => BatchSlice.Of(v, 1, 1))]);
        try
        {
            IReadOnlyList<TensorValue> both = session.Run([.. inputs.Select(v => BatchSlice.Of(v, 0, 2))]);
            return Enumerable.Range(0, both.Count).All(i => Same(both[i], BatchSlice.Join([first[i], second[i]])));
        }
        catch (QuantizeException)
        {
            return false;
        }
    }

    private static bool Same(TensorValue a, TensorValue b)
    {
        if (!a.Shape.SequenceEqual(b.Shape) || a.Type != b.Type)
        {
            return false;
        }

        if (a.Type != ElementType.Float32)
        {
            return a.Ints.AsSpan().SequenceEqual(b.Ints);
        }

        float scale = 1e-6f + b.Floats.Max(MathF.Abs);
        return a.Floats.Zip(b.Floats).All(p => MathF.Abs(p.First - p.Second) <= Tolerance * scale);
    }
}
