namespace Mnn.Quantize.Inference;

/// <summary>Tells what a malformed model does to an operator from what is wrong with the engine or the machine.</summary>
internal static class MalformedOperator
{
    /// <summary>
    /// True for what operators throw when parameters, shapes and values don't go together. They check what real models get
    /// wrong and say so; the rest, such as an axis list that is too short, ends at the bounds of an array or a span.
    /// </summary>
    public static bool Caused(Exception exception) => exception
        is TensorShapeException or ArgumentException or ArithmeticException or IndexOutOfRangeException
        or InvalidCastException;
}
