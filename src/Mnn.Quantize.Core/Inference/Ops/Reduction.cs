using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Sums, means, extremes, products and logical operations along axes, which vanish or stay with extent 1.</summary>
internal sealed class Reduction(ReductionType operation, int[]? axes, bool keepDims) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<ReductionParam>();
        return new Reduction(param.Operation, param.Dim is { Length: > 0 } dims ? dims : null, param.KeepDims);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        bool[] reduced = Reduced(input, context.HasInput(1) ? context.Input(1).Ints : axes);
        int[] shape = keepDims
            ? [.. input.Shape.Select((extent, i) => reduced[i] ? 1 : extent)]
            : [.. input.Shape.Where((_, i) => !reduced[i])];
        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        if (input.Count == 0)
        {
            FillEmpty(output);
            return;
        }

        Tensor current = context.Temporary(input.Type, input.Shape, input.Format);
        current.ShareBuffer(input);
        List<(int Start, int End)> groups = Groups(reduced);
        int[] extents = [.. input.Shape];
        for (int i = 0; i < groups.Count; i++)
        {
            (int start, int end) = groups[i];
            int outer = Shapes.Product(extents.AsSpan(0, start));
            int length = Shapes.Product(extents.AsSpan(start, end - start));
            int inner = Shapes.Product(extents.AsSpan(end));
            extents.AsSpan(start, end - start).Fill(1);
            Tensor next = context.Temporary(input.Type, extents, input.Format);
            ReduceGroup(i == 0 ? operation : Following(operation), current, next, outer, length, inner);
            OpContext.Release(current);
            current = next;
        }

        current.Bytes.CopyTo(output.Bytes);
        OpContext.Release(current);
    }

    // Which dimensions go; all of them if none is named.
    private static bool[] Reduced(Tensor input, ReadOnlySpan<int> named)
    {
        bool[] reduced = new bool[input.Rank];
        reduced.AsSpan().Fill(named.IsEmpty);
        foreach (int axis in named)
        {
            reduced[Shapes.Axis(axis, input.Rank)] = true;
        }

        return reduced;
    }

    // Runs of neighbouring dimensions that go: each is one axis of a row-major array.
    private static List<(int Start, int End)> Groups(bool[] reduced)
    {
        var groups = new List<(int Start, int End)>();
        for (int i = 0; i < reduced.Length; i++)
        {
            if (reduced[i])
            {
                int start = i;
                while (i < reduced.Length && reduced[i])
                {
                    i++;
                }

                groups.Add((start, i));
            }
        }

        return groups;
    }

    // Absolute values and squares are taken once, the rest is a sum.
    private static ReductionType Following(ReductionType first) =>
        first is ReductionType.ASUM or ReductionType.SUMSQ ? ReductionType.SUM : first;

    private void FillEmpty(Tensor output)
    {
        int value = operation is ReductionType.PROD or ReductionType.ALL ? 1 : 0;
        if (output.Type == ElementType.Float32)
        {
            output.Floats.Fill(value);
        }
        else
        {
            output.Ints.Fill(value);
        }
    }

    private static void ReduceGroup(ReductionType operation, Tensor source, Tensor target, int outer, int length, int inner)
    {
        if (source.Type != ElementType.Float32)
        {
            IntReduce.Run(operation, source.Ints, target.Ints, outer, length, inner);
            return;
        }

        ReadOnlySpan<float> from = source.Floats;
        Span<float> to = target.Floats;
        switch (operation)
        {
            case ReductionType.SUM:
                Kernels.Reduction.Run<Reductions.Sum>(from, to, outer, length, inner);
                break;
            case ReductionType.MEAN:
                Kernels.Reduction.Run<Reductions.Mean>(from, to, outer, length, inner);
                break;
            case ReductionType.ASUM:
                Kernels.Reduction.Run<Reductions.SumOfMagnitudes>(from, to, outer, length, inner);
                break;
            case ReductionType.SUMSQ:
                Kernels.Reduction.Run<Reductions.SumOfSquares>(from, to, outer, length, inner);
                break;
            case ReductionType.MAXIMUM:
                Kernels.Reduction.Run<Reductions.Max>(from, to, outer, length, inner);
                break;
            case ReductionType.MINIMUM:
                Kernels.Reduction.Run<Reductions.Min>(from, to, outer, length, inner);
                break;
            case ReductionType.PROD:
                Kernels.Reduction.Run<Reductions.Product>(from, to, outer, length, inner);
                break;
            default:
                throw new TensorShapeException($"float elements, which {operation} isn't defined for,");
        }
    }
}

/// <summary>Reductions of int32 tensors, which wrap around; means are cut towards 0.</summary>
internal static class IntReduce
{
    /// <summary>Reduces the middle axis of [outer, length, inner] to [outer, inner].</summary>
    public static void Run(
        ReductionType operation, ReadOnlySpan<int> source, Span<int> target, int outer, int length, int inner)
    {
        for (int line = 0; line < outer * inner; line++)
        {
            int start = (line / inner * length * inner) + (line % inner);
            int total = Start(operation);
            for (int i = 0; i < length; i++)
            {
                total = Step(operation, total, source[start + (i * inner)]);
            }

            target[line] = operation == ReductionType.MEAN ? total / length : total;
        }
    }

    private static int Start(ReductionType operation) => operation switch
    {
        ReductionType.MAXIMUM => int.MinValue,
        ReductionType.MINIMUM => int.MaxValue,
        ReductionType.PROD or ReductionType.ALL => 1,
        _ => 0,
    };

    private static int Step(ReductionType operation, int total, int value) => operation switch
    {
        ReductionType.MAXIMUM => Math.Max(total, value),
        ReductionType.MINIMUM => Math.Min(total, value),
        ReductionType.PROD => total * value,
        ReductionType.ASUM => total + Math.Abs(value),
        ReductionType.SUMSQ => total + (value * value),
        ReductionType.ANY => total != 0 || value != 0 ? 1 : 0,
        ReductionType.ALL => total != 0 && value != 0 ? 1 : 0,
        _ => total + value,
    };
}
