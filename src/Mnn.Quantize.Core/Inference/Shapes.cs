namespace Mnn.Quantize.Inference;

/// <summary>Arithmetic on dimensions that operators share.</summary>
internal static class Shapes
{
    /// <summary>An axis counted from the front; a negative one counts from the end.</summary>
    /// <exception cref="TensorShapeException">There is no such axis.</exception>
    public static int Axis(int axis, int rank)
    {
        int positive = axis < 0 ? axis + rank : axis;
        return (uint)positive < (uint)rank
            ? positive
            : throw new TensorShapeException($"axis {axis} of {rank} dimensions");
    }

    /// <summary>The number of elements; 1 for no dimensions.</summary>
    public static int Product(ReadOnlySpan<int> extents)
    {
        int product = 1;
        foreach (int extent in extents)
        {
            product = checked(product * extent);
        }

        return product;
    }

    /// <summary>Elements before an axis, along it and behind it: a row-major array seen as [outer, length, inner].</summary>
    public static (int Outer, int Length, int Inner) Around(ReadOnlySpan<int> shape, int axis) =>
        (Product(shape[..axis]), shape[axis], Product(shape[(axis + 1)..]));

    /// <summary>The distance between neighbours along each dimension of a row-major array.</summary>
    public static void RowMajorStrides(ReadOnlySpan<int> shape, Span<int> strides)
    {
        int step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }
    }

    /// <summary>The shape that both fit after repeating dimensions of extent 1, aligned at the end (as NumPy does).</summary>
    /// <exception cref="TensorShapeException">They don't fit.</exception>
    public static int[] Broadcast(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        int[] result = new int[Math.Max(left.Length, right.Length)];
        Broadcast(left, right, result);
        return result;
    }

    /// <summary>The same, written to <paramref name="result"/>, which has as many dimensions as the longer one.</summary>
    public static void Broadcast(ReadOnlySpan<int> left, ReadOnlySpan<int> right, Span<int> result)
    {
        for (int i = 1; i <= result.Length; i++)
        {
            int a = i <= left.Length ? left[^i] : 1;
            int b = i <= right.Length ? right[^i] : 1;
            if (a != b && a != 1 && b != 1)
            {
                throw new TensorShapeException($"{Text(left)} and {Text(right)}, which don't broadcast to one shape");
            }

            result[^i] = a == 1 ? b : a;
        }
    }

    /// <summary>
    /// Strides that walk a tensor of <paramref name="shape"/> as if it had the dimensions of <paramref name="target"/>:
    /// 0 where it repeats.
    /// </summary>
    /// <param name="shape">Dimensions of the smaller tensor, aligned at the end.</param>
    /// <param name="strides">[shape.Length] its own strides.</param>
    /// <param name="target">Dimensions to walk, at least as many.</param>
    /// <param name="walk">[target.Length] the result.</param>
    public static void BroadcastStrides(
        ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, ReadOnlySpan<int> target, Span<int> walk)
    {
        for (int i = 1; i <= target.Length; i++)
        {
            walk[^i] = i <= shape.Length && shape[^i] != 1 ? strides[^i] : 0;
        }
    }

    /// <summary>How messages show a shape; the end of a long one is left out.</summary>
    public static string Text(ReadOnlySpan<int> shape) => shape.Length <= Tensor.MaxRank
        ? $"[{string.Join(", ", shape.ToArray())}]"
        : $"[{string.Join(", ", shape[..Tensor.MaxRank].ToArray())}, ...]";

    /// <summary>The number of dimensions that a model wants, for memory on the stack.</summary>
    /// <exception cref="TensorShapeException">There are more than a tensor can have.</exception>
    public static int Rank(int wanted) => wanted <= Tensor.MaxRank
        ? wanted
        : throw new TensorShapeException($"{wanted} dimensions, more than {Tensor.MaxRank}");
}
