using System.Runtime.InteropServices;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// A dense array with a shape. <see cref="Shape"/> is in the model's own order of dimensions. How elements lie in
/// memory follows from <see cref="IsChannelsLast"/>: row-major in that order, or with dimension 1 (the channels of
/// MNN's NC4HW4 tensors) moved last, so that [N, C, H, W] lies as [N, H, W, C].
/// </summary>
internal sealed class Tensor
{
    /// <summary>Most dimensions, well above the runtime's own limit; operators keep strides on the stack.</summary>
    public const int MaxRank = 32;

    private TensorBuffer? _buffer;

    /// <summary>The dimensions, each at least 0; empty for a scalar. Never changed in place: tensors share it.</summary>
    public int[] Shape { get; private set; } = [];

    /// <summary>What the elements are.</summary>
    public ElementType Type { get; private set; }

    /// <summary>The format that the runtime would keep this tensor in, which also tells what its dimensions mean.</summary>
    public MNN_DATA_FORMAT Format { get; private set; }

    /// <summary>True if dimension 1 lies innermost in memory although it is second in <see cref="Shape"/>.</summary>
    public bool IsChannelsLast { get; private set; }

    /// <summary>Set on int8 tensors that stand for real values.</summary>
    public QuantParameters? Quant { get; set; }

    /// <summary>Set on tensors that hold a sequence of tensors one behind the other.</summary>
    public TensorSequence? Sequence { get; set; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Length;

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Bytes of all elements.</summary>
    public int ByteCount => Count * Type.Size();

    /// <summary>True if it has memory.</summary>
    public bool HasData => _buffer is not null;

    /// <summary>True if no other tensor shares its memory.</summary>
    public bool IsUnshared => _buffer?.IsUnshared ?? false;

    /// <summary>All bytes, in memory order.</summary>
    public Span<byte> Bytes => _buffer!.Span(ByteCount);

    /// <summary>All elements of a float tensor, in memory order.</summary>
    public Span<float> Floats => Cast<float>(ElementType.Float32);

    /// <summary>All elements of an int32 tensor, in memory order.</summary>
    public Span<int> Ints => Cast<int>(ElementType.Int32);

    /// <summary>All elements of an int8 tensor, in memory order.</summary>
    public Span<sbyte> Int8s => Cast<sbyte>(ElementType.Int8);

    /// <summary>Whether a tensor of this format and shape lies with its channels last.</summary>
    public static bool LiesChannelsLast(MNN_DATA_FORMAT format, int rank) =>
        format == MNN_DATA_FORMAT.NC4HW4 && rank > 2;

    /// <summary>A tensor that keeps its memory for good, such as a constant.</summary>
    /// <param name="type">What the elements are.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="format">Its format; elements are row-major whatever it says.</param>
    public static Tensor Persistent(ElementType type, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format)
    {
        var tensor = new Tensor();
        tensor.Describe(type, shape, format, channelsLast: false);
        tensor.SetBuffer(new TensorBuffer(Math.Max(1, tensor.ByteCount), null));
        return tensor;
    }

    /// <summary>Sets everything but the memory.</summary>
    public void Describe(ElementType type, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format, bool channelsLast)
    {
        int count = CheckedCount(type, shape);
        if (!shape.SequenceEqual(Shape))
        {
            Shape = shape.ToArray();
        }

        Count = count;
        Type = type;
        Format = format;
        IsChannelsLast = channelsLast;
        Quant = null;
        Sequence = null;
    }

    /// <summary>
    /// Sets everything but the memory: shape and format of another tensor, whose array of dimensions it shares.
    /// </summary>
    public void DescribeAs(Tensor other, ElementType type, bool channelsLast)
    {
        // The same as Describe does, but nothing is allocated, and only a wider type can make it too large.
        if (type.Size() > other.Type.Size())
        {
            CheckedCount(type, other.Shape);
        }

        Shape = other.Shape;
        Count = other.Count;
        Type = type;
        Format = other.Format;
        IsChannelsLast = channelsLast;
        Quant = null;
        Sequence = null;
    }

    /// <summary>Makes <paramref name="buffer"/> its memory and lets go of what it had.</summary>
    public void SetBuffer(TensorBuffer? buffer)
    {
        buffer?.AddReference();
        _buffer?.Release();
        _buffer = buffer;
    }

    /// <summary>Makes the memory of <paramref name="source"/> also its own.</summary>
    public void ShareBuffer(Tensor source) => SetBuffer(source._buffer);

    /// <summary>Length of dimension <paramref name="axis"/>; a negative axis counts from the end.</summary>
    public int Dim(int axis) => Shape[axis < 0 ? axis + Rank : axis];

    /// <summary>
    /// The distance in elements between neighbours along each dimension of <see cref="Shape"/>, written to
    /// <paramref name="strides"/> [Rank].
    /// </summary>
    public void Strides(Span<int> strides)
    {
        int step = 1;
        if (IsChannelsLast)
        {
            strides[1] = 1;
            step = Shape[1];
        }

        for (int i = Rank - 1; i >= 0; i--)
        {
            if (IsChannelsLast && i == 1)
            {
                continue;
            }

            strides[i] = step;
            step *= Shape[i];
        }
    }

    // Also the product of the extents without any zeros is bounded, so that products of some of them can't overflow.
    private static int CheckedCount(ElementType type, ReadOnlySpan<int> shape)
    {
        if (shape.Length > MaxRank)
        {
            throw new TensorShapeException($"a tensor of {shape.Length} dimensions, more than {MaxRank}");
        }

        long product = 1;
        bool isEmpty = false;
        foreach (int extent in shape)
        {
            if (extent < 0 || product * Math.Max(1, extent) > (Array.MaxLength - TensorBuffer.Alignment) / type.Size())
            {
                throw new TensorShapeException($"a tensor of shape {Shapes.Text(shape)}, which 2 GiB can't hold");
            }

            isEmpty |= extent == 0;
            product *= Math.Max(1, extent);
        }

        return isEmpty ? 0 : (int)product;
    }

    private Span<T> Cast<T>(ElementType expected)
        where T : unmanaged
    {
        if (Type != expected)
        {
            throw new TensorShapeException($"elements of type {Type} where {expected} is needed");
        }

        return MemoryMarshal.Cast<byte, T>(Bytes);
    }
}

/// <summary>A shape or type that an operator can't work with; the runner adds the operator's name.</summary>
/// <param name="message">What was met and, where known, what was expected.</param>
/// <param name="inner">What found it out, if another exception did.</param>
internal sealed class TensorShapeException(string message, Exception? inner = null) : Exception(message, inner);
