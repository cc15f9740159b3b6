using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Makes a sequence of a given length; both outputs are the sequence.</summary>
internal sealed class TensorArrayCreate(Model.Schema.TensorArray param) : Operator
{
    public static Operator Create(OpBuildContext context) => new TensorArrayCreate(context.Param<Model.Schema.TensorArray>());

    public override void Run(OpContext context)
    {
        int length = IntValues.First(context.Input(0));
        if (length < 0)
        {
            throw new TensorShapeException($"a length of {length}");
        }

        int[] element = param.ElementShape is { Length: > 0 } shape ? [.. shape.Select(e => Math.Max(e, 0))] : [0];
        var sequence = new TensorSequence(
            param.DynamicSize, param.IdenticalElementShapes, [.. Enumerable.Repeat(element, length)]);
        ElementType type = param.T is DataType.DT_FLOAT or DataType.DT_DOUBLE or DataType.DT_HALF
            ? ElementType.Float32
            : ElementType.Int32;
        for (int i = 0; i < context.OutputCount; i++)
        {
            SequenceOutput.Make(context, i, type, sequence).Bytes.Clear();
        }
    }
}

/// <summary>A sequence's length.</summary>
internal sealed class TensorArraySize : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(1);
        context.Output(0, ElementType.Int32, [1], input.Format).Ints[0] = TensorSequence.Of(input).Length;
    }
}

/// <summary>One tensor of a sequence; inputs: handle, index, sequence.</summary>
internal sealed class TensorArrayRead : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(2);
        TensorSequence sequence = TensorSequence.Of(input);
        int index = Indices.Wrap(IntValues.First(context.Input(1)), sequence.Length);
        Tensor output = context.OutputOfType(0, input, sequence.ElementShapes[index], input.Format);
        int size = input.Type.Size();
        input.Bytes.Slice(sequence.Offset(index) * size, output.ByteCount).CopyTo(output.Bytes);
    }
}

/// <summary>Some tensors of a sequence, stacked along a new first axis; inputs: handle, indices, sequence.</summary>
internal sealed class TensorArrayGather : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(2);
        TensorSequence sequence = TensorSequence.Of(input);
        ReadOnlySpan<int> indices = context.Input(1).Ints;
        int[] element = indices.IsEmpty ? [] : sequence.ElementShapes[Indices.Wrap(indices[0], sequence.Length)];
        Tensor output = context.OutputOfType(0, input, [indices.Length, .. element], input.Format);
        int bytes = Shapes.Product(element) * input.Type.Size();
        for (int i = 0; i < indices.Length; i++)
        {
            int index = Indices.Wrap(indices[i], sequence.Length);
            if (!sequence.ElementShapes[index].AsSpan().SequenceEqual(element))
            {
                throw new TensorShapeException(
                    $"tensors of {Shapes.Text(element)} and {Shapes.Text(sequence.ElementShapes[index])} to stack");
            }

            input.Bytes.Slice(sequence.Offset(index) * input.Type.Size(), bytes).CopyTo(output.Bytes[(i * bytes)..]);
        }
    }
}

/// <summary>What operators that give sequences share.</summary>
internal static class SequenceOutput
{
    /// <summary>Makes an output that holds a sequence; its elements are undefined.</summary>
    public static Tensor Make(OpContext context, int index, ElementType type, TensorSequence sequence)
    {
        Tensor output = context.Output(index, type, [sequence.Offset(sequence.Length)], MNN_DATA_FORMAT.NCHW);
        output.Sequence = sequence;
        return output;
    }

    /// <summary>Makes a sequence and fills each element from a source, or with 0 where there is none.</summary>
    /// <param name="context">The running operator.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="sequence">The sequence to make.</param>
    /// <param name="source">The bytes of element i.</param>
    public static void Fill(OpContext context, ElementType type, TensorSequence sequence, SourceOf source)
    {
        Tensor output = Make(context, 0, type, sequence);
        output.Bytes.Clear();
        int position = 0;
        for (int i = 0; i < sequence.Length; i++)
        {
            int bytes = Shapes.Product(sequence.ElementShapes[i]) * type.Size();
            ReadOnlySpan<byte> from = source(i);
            if (from.Length == bytes)
            {
                from.CopyTo(output.Bytes[position..]);
            }

            position += bytes;
        }
    }

    /// <summary>The bytes of one element; anything of another length counts as never written.</summary>
    public delegate ReadOnlySpan<byte> SourceOf(int index);

    /// <summary>The bytes of an element of the sequence that a tensor holds; nothing behind its end.</summary>
    public static ReadOnlySpan<byte> Element(Tensor tensor, int index)
    {
        TensorSequence sequence = TensorSequence.Of(tensor);
        int size = tensor.Type.Size();
        return index >= sequence.Length ? default : tensor.Bytes.Slice(
            sequence.Offset(index) * size, Shapes.Product(sequence.ElementShapes[index]) * size);
    }
}
