namespace Mnn.Quantize.Inference;

/// <summary>What a model says about one of its inputs or outputs.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Type">Element type; int64 and bool count as int32.</param>
/// <param name="Shape">Dimensions, -1 where the model leaves them open; empty if nothing is declared.</param>
/// <param name="IsChannelsFirst">
/// For 4-dimensional tensors: true for [N, C, H, W], false for [N, H, W, C].
/// </param>
public sealed record TensorInfo(string Name, ElementType Type, IReadOnlyList<int> Shape, bool IsChannelsFirst);

/// <summary>A named array that goes into a model or comes out of it, row-major in the order of its shape.</summary>
public sealed class TensorValue
{
    private readonly Array _values;

    /// <summary>A float array.</summary>
    /// <param name="name">Name of the model's input.</param>
    /// <param name="shape">Dimensions; their product is the length of <paramref name="values"/>.</param>
    /// <param name="values">Elements, row-major.</param>
    /// <exception cref="ArgumentException">Shape and length don't agree.</exception>
    public TensorValue(string name, IReadOnlyList<int> shape, float[] values)
        : this(name, shape, values, ElementType.Float32)
    {
    }

    /// <summary>An int32 array; also for int64 and bool inputs.</summary>
    /// <inheritdoc cref="TensorValue(string, IReadOnlyList{int}, float[])"/>
    public TensorValue(string name, IReadOnlyList<int> shape, int[] values)
        : this(name, shape, values, ElementType.Int32)
    {
    }

    private TensorValue(string name, IReadOnlyList<int> shape, Array values, ElementType type)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        long count = shape.Aggregate(1L, (product, extent) => product * extent);
        if (count != values.Length)
        {
            throw new ArgumentException(
                $"[{string.Join(", ", shape)}] has {count} elements, not {values.Length}.", nameof(shape));
        }

        Name = name;
        Shape = [.. shape];
        Type = type;
        _values = values;
    }

    /// <summary>Name of the input or output.</summary>
    public string Name { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Float32 or Int32.</summary>
    public ElementType Type { get; }

    /// <summary>The elements, row-major.</summary>
    /// <exception cref="InvalidOperationException">They are integers.</exception>
    public float[] Floats => _values as float[]
        ?? throw new InvalidOperationException($"'{Name}' holds {Type} elements; use {nameof(Ints)}.");

    /// <summary>The elements, row-major.</summary>
    /// <exception cref="InvalidOperationException">They are floats.</exception>
    public int[] Ints => _values as int[]
        ?? throw new InvalidOperationException($"'{Name}' holds {Type} elements; use {nameof(Floats)}.");

    /// <summary>Index of the greatest element, the first of equals; 0 for an empty array.</summary>
    public int ArgMax()
    {
        float[] values = Floats;
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
