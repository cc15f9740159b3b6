namespace Mnn.Quantize.Inference.Ops;

/// <summary>A sequence with one tensor replaced; inputs: handle, index, tensor, sequence.</summary>
internal sealed class TensorArrayWrite : Operator
{
    public override void Run(OpContext context)
    {
        Tensor value = context.Input(2);
        Tensor input = context.Input(3);
        TensorSequence old = TensorSequence.Of(input);
        int index = IntValues.First(context.Input(1));
        if (index < 0 || (!old.IsDynamic && index >= old.Length))
        {
            throw new TensorShapeException($"the index {index} into a sequence of {old.Length}");
        }

        // New elements, and all that share one shape, take the shape of what is written.
        int[][] shapes = new int[Math.Max(old.Length, index + 1)][];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = i == index || i >= old.Length || old.SharesShape ? value.Shape : old.ElementShapes[i];
        }

        SequenceOutput.Fill(
            context, value.Type, old with { ElementShapes = shapes },
            i => i == index ? value.Bytes : SequenceOutput.Element(input, i));
    }
}

/// <summary>A sequence with some tensors replaced; inputs: handle, indices, stacked tensors, sequence.</summary>
internal sealed class TensorArrayScatter : Operator
{
    public override void Run(OpContext context)
    {
        int[] indices = context.Input(1).Ints.ToArray();
        Tensor values = context.Input(2);
        Tensor input = context.Input(3);
        TensorSequence old = TensorSequence.Of(input);
        if (values.Rank == 0 || values.Shape[0] < indices.Length
            || indices.Any(i => i < 0 || (!old.IsDynamic && i >= old.Length)))
        {
            throw new TensorShapeException(
                $"{Shapes.Text(values.Shape)} for the places {Shapes.Text(indices)} of a sequence of {old.Length}");
        }

        int[] element = values.Shape[1..];
        int[][] shapes = new int[Math.Max(old.Length, indices.Append(-1).Max() + 1)][];
        shapes.AsSpan().Fill(element);
        int bytes = Shapes.Product(element) * values.Type.Size();
        SequenceOutput.Fill(
            context, values.Type, old with { ElementShapes = shapes },
            i => Array.LastIndexOf(indices, i) is var at and >= 0
                ? values.Bytes.Slice(at * bytes, bytes)
                : SequenceOutput.Element(input, i));
    }
}

/// <summary>A sequence with a tensor put in; inputs: handle, position (negative ones count from the end), tensor, sequence.</summary>
internal sealed class TensorArrayInsert : Operator
{
    public override void Run(OpContext context)
    {
        Tensor value = context.Input(2);
        Tensor input = context.Input(3);
        TensorSequence old = TensorSequence.Of(input);
        int position = IntValues.First(context.Input(1));
        int at = position < 0 ? position + old.Length : position;
        if (at < 0 || at > old.Length)
        {
            throw new TensorShapeException($"the position {position} in a sequence of {old.Length}");
        }

        int[][] shapes = [.. old.ElementShapes[..at], value.Shape, .. old.ElementShapes[at..]];
        SequenceOutput.Fill(
            context, value.Type, old with { ElementShapes = shapes },
            i => i == at ? value.Bytes : SequenceOutput.Element(input, i < at ? i : i - 1));
    }
}

/// <summary>A sequence without one tensor; inputs: handle, position (negative ones count from the end), sequence.</summary>
internal sealed class TensorArrayErase : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(2);
        TensorSequence old = TensorSequence.Of(input);
        int at = Indices.Wrap(IntValues.First(context.Input(1)), old.Length);
        int[][] shapes = [.. old.ElementShapes[..at], .. old.ElementShapes[(at + 1)..]];
        SequenceOutput.Fill(
            context, input.Type, old with { ElementShapes = shapes },
            i => SequenceOutput.Element(input, i < at ? i : i + 1));
    }
}
