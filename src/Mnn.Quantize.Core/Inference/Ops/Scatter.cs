using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>How a scattered value joins what is there.</summary>
internal static class ScatterReduction
{
    /// <summary>The way that an operator's parameters name; null for replacing.</summary>
    public static BinaryOpOperation? Of(OpBuildContext context) => context.ParamOrNull<BinaryOp>()?.OpType switch
    {
        null or (BinaryOpOperation)(-1) => null,
        BinaryOpOperation.ADD => BinaryOpOperation.ADD,
        BinaryOpOperation.MUL => BinaryOpOperation.MUL,
        BinaryOpOperation.MINIMUM => BinaryOpOperation.MINIMUM,
        BinaryOpOperation.MAXIMUM => BinaryOpOperation.MAXIMUM,
        { } other => throw context.Invalid($"there is no scattering with {other}"),
    };

    /// <summary>Copies or joins <paramref name="count"/> elements.</summary>
    public static void Join(BinaryOpOperation? how, Tensor output, int at, Tensor updates, int from, int count)
    {
        if (how is null)
        {
            int size = output.Type.Size();
            updates.Bytes.Slice(from * size, count * size).CopyTo(output.Bytes[(at * size)..]);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (output.Type == ElementType.Float32)
            {
                ref float value = ref output.Floats[at + i];
                value = how switch
                {
                    BinaryOpOperation.ADD => value + updates.Floats[from + i],
                    BinaryOpOperation.MUL => value * updates.Floats[from + i],
                    BinaryOpOperation.MINIMUM => MathF.Min(value, updates.Floats[from + i]),
                    _ => MathF.Max(value, updates.Floats[from + i]),
                };
            }
            else
            {
                ref int value = ref output.Ints[at + i];
                value = how switch
                {
                    BinaryOpOperation.ADD => value + updates.Ints[from + i],
                    BinaryOpOperation.MUL => value * updates.Ints[from + i],
                    BinaryOpOperation.MINIMUM => Math.Min(value, updates.Ints[from + i]),
                    _ => Math.Max(value, updates.Ints[from + i]),
                };
            }
        }
    }
}

/// <summary>
/// Writes slices to the places that coordinates name (inputs: indices, updates, shape, optionally what to start from
/// instead of 0). Later ones win over earlier ones.
/// </summary>
internal sealed class ScatterNd(BinaryOpOperation? reduction) : Operator
{
    public static Operator Create(OpBuildContext context) => new ScatterNd(ScatterReduction.Of(context));

    public override void Run(OpContext context)
    {
        Tensor indices = context.Input(0);
        Tensor updates = context.Input(1);
        Tensor output = context.OutputOfType(0, updates, context.Input(2).Ints, updates.Format);
        Start(context, output);
        int depth = indices.Rank > 0 ? indices.Dim(-1) : 0;
        int slices = indices.Rank > 0 ? Shapes.Product(indices.Shape.AsSpan(0, indices.Rank - 1)) : 0;
        int slice = depth <= output.Rank ? Shapes.Product(output.Shape.AsSpan(depth)) : 0;
        if (indices.Rank == 0 || depth > output.Rank || updates.Count < slices * slice)
        {
            throw new TensorShapeException(
                $"indices {Shapes.Text(indices.Shape)} and updates {Shapes.Text(updates.Shape)} for {Shapes.Text(output.Shape)}");
        }

        ReadOnlySpan<int> coordinates = indices.Ints;
        for (int i = 0; i < slices; i++)
        {
            int position = 0;
            for (int d = 0; d < depth; d++)
            {
                position = (position * output.Shape[d]) + Indices.Wrap(coordinates[(i * depth) + d], output.Shape[d]);
            }

            ScatterReduction.Join(reduction, output, position * slice, updates, i * slice, slice);
        }
    }

    private static void Start(OpContext context, Tensor output)
    {
        if (!context.HasInput(3))
        {
            output.Bytes.Clear();
            return;
        }

        Tensor data = context.Input(3);
        if (data.Type != output.Type || (data.Count != output.Count && data.Count != 1))
        {
            throw new TensorShapeException($"{data.Type} {Shapes.Text(data.Shape)} to scatter into {Shapes.Text(output.Shape)}");
        }

        if (data.Count == output.Count)
        {
            data.Bytes.CopyTo(output.Bytes);
        }
        else
        {
            Fill.Repeat(output, data);
        }
    }
}

/// <summary>Writes each update to its own place, but with the index as coordinate along one axis.</summary>
internal sealed class ScatterElements(BinaryOpOperation? reduction) : Operator
{
    public static Operator Create(OpBuildContext context) => new ScatterElements(ScatterReduction.Of(context));

    public override void Run(OpContext context)
    {
        Tensor data = context.Input(0);
        Tensor indices = context.Input(1);
        Tensor updates = context.Input(2);
        int axis = IntValues.AxisOf(context, 3, 0, data.Rank);
        if (indices.Rank != data.Rank || updates.Count != indices.Count || updates.Type != data.Type)
        {
            throw new TensorShapeException(
                $"indices {Shapes.Text(indices.Shape)} and updates {Shapes.Text(updates.Shape)} for {Shapes.Text(data.Shape)}");
        }

        Tensor output = context.OutputOfType(0, data, data.Shape, data.Format);
        data.Bytes.CopyTo(output.Bytes);
        ReadOnlySpan<int> places = indices.Ints;
        for (int i = 0; i < places.Length; i++)
        {
            int place = GatherElements.Place(i, places[i], axis, indices.Shape, data.Shape);
            ScatterReduction.Join(reduction, output, place, updates, i, 1);
        }
    }
}
