namespace Mnn.Quantize.Inference;

/// <summary>
/// What makes a flat tensor a sequence: the shapes of its elements, which lie one behind the other. An element that was
/// never written and whose shape isn't known has no elements of its own.
/// </summary>
/// <param name="IsDynamic">Whether writing behind the end makes it longer.</param>
/// <param name="SharesShape">Whether all elements have one shape.</param>
/// <param name="ElementShapes">The shape of each element.</param>
internal sealed record TensorSequence(bool IsDynamic, bool SharesShape, int[][] ElementShapes)
{
    /// <summary>Number of tensors.</summary>
    public int Length => ElementShapes.Length;

    /// <summary>Where element <paramref name="index"/> starts.</summary>
    public int Offset(int index)
    {
        int offset = 0;
        for (int i = 0; i < index; i++)
        {
            offset = checked(offset + Shapes.Product(ElementShapes[i]));
        }

        return offset;
    }

    /// <summary>The sequence that a tensor holds.</summary>
    /// <exception cref="TensorShapeException">It holds none.</exception>
    public static TensorSequence Of(Tensor tensor) =>
        tensor.Sequence ?? throw new TensorShapeException($"a tensor {Shapes.Text(tensor.Shape)} where a sequence is needed");
}
