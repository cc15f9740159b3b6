using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Verification;

/// <summary>Runs a model on zeros to learn the shape of each tensor.</summary>
internal sealed class DryRun : IRunObserver
{
    private readonly int[]?[] _shapes;
    private readonly ElementType[] _types;

    private DryRun(Graph graph)
    {
        _shapes = new int[graph.TensorCount][];
        _types = new ElementType[graph.TensorCount];
    }

    /// <summary>By tensor id: dimensions in the model's order; null for a tensor that was not computed.</summary>
    public IReadOnlyList<int[]?> Shapes => _shapes;

    /// <summary>By tensor id: element type, int8 for quantized tensors.</summary>
    public IReadOnlyList<ElementType> Types => _types;

    /// <summary>Runs the model, as far as that goes.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="given">Shapes of inputs by name; the others are as declared.</param>
    /// <param name="warnings">Told of what keeps the model from being run.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static DryRun Of(
        Graph graph, IReadOnlyDictionary<string, int[]> given, ICollection<Diagnostic> warnings, CancellationToken cancellation = default)
    {
        var result = new DryRun(graph);
        foreach ((int id, Tensor constant) in graph.Constants)
        {
            result._shapes[id] = constant.Shape;
        }

        var session = new InferenceSession(graph);
        foreach (GraphInput input in graph.Inputs)
        {
            if (ShapeOf(input, given) is not { } shape)
            {
                warnings.Add(Warnings.ShapesUnknown(graph.File, input.Name, Inference.Shapes.Text(input.Shape)));
                return result;
            }

            session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format).Bytes.Clear();
        }

        session.Runner.Observer = result;
        try
        {
            session.Runner.Run(cancellation);
        }
        catch (QuantizeException e)
        {
            // With zeros a shape may come out as nonsense that real data don't give: what is known is shown all the same.
            warnings.Add(Warnings.DryRunFailed(graph.File, e.Diagnostic.Message));
        }

        return result;
    }

    /// <inheritdoc/>
    public void OnTensor(int id, Tensor tensor, Node? producer)
    {
        _shapes[id] = tensor.Shape;
        _types[id] = tensor.Type;
    }

    // A batch that is left open is 1.
    private static int[]? ShapeOf(GraphInput input, IReadOnlyDictionary<string, int[]> given)
    {
        if (given.TryGetValue(input.Name, out int[]? shape))
        {
            return shape;
        }

        int[] declared = [.. input.Shape];
        if (declared.Length > 1 && declared[0] < 0)
        {
            declared[0] = 1;
        }

        return Array.TrueForAll(declared, d => d > 0) ? declared : null;
    }
}
