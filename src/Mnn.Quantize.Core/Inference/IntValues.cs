namespace Mnn.Quantize.Inference;

/// <summary>Reads small integer inputs such as axes, sizes and counts.</summary>
internal static class IntValues
{
    /// <summary>The first element of an int32 or float tensor as an integer.</summary>
    /// <exception cref="TensorShapeException">It is empty.</exception>
    public static int First(Tensor tensor) =>
        tensor.Count == 0
            ? throw new TensorShapeException("an empty tensor where a number is needed")
            : tensor.Type == ElementType.Float32 ? (int)tensor.Floats[0] : tensor.Ints[0];

    /// <summary>An axis that is an input if there is one, else a parameter.</summary>
    /// <param name="context">The running operator.</param>
    /// <param name="input">Index of the optional input.</param>
    /// <param name="otherwise">What holds without it.</param>
    /// <param name="rank">Dimensions of the tensor that the axis is of.</param>
    public static int AxisOf(OpContext context, int input, int otherwise, int rank) =>
        Shapes.Axis(context.HasInput(input) ? First(context.Input(input)) : otherwise, rank);
}
