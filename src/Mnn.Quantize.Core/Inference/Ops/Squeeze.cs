using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Drops dimensions of extent 1 (Squeeze) or puts new ones in (Unsqueeze).</summary>
internal sealed class Squeeze(int[]? axes, bool insert) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new Squeeze(context.ParamOrNull<SqueezeParam>()?.SqueezeDims, insert: false);

    public static Operator CreateUnsqueeze(OpBuildContext context) =>
        new Squeeze(context.ParamOrNull<SqueezeParam>()?.SqueezeDims, insert: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> named = axes ?? (context.HasInput(1) ? context.Input(1).Ints : default);
        context.View(0, input, insert ? Insert(input.Shape, named) : Drop(input.Shape, named), input.Format);
    }

    private static int[] Insert(int[] shape, ReadOnlySpan<int> named)
    {
        int[] result = new int[shape.Length + named.Length];
        bool[] isNew = Mark(named, result.Length);
        int next = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = isNew[i] || next == shape.Length ? 1 : shape[next++];
        }

        return result;
    }

    private static int[] Drop(int[] shape, ReadOnlySpan<int> named)
    {
        bool[] dropped = Mark(named, shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            if (dropped[i] && shape[i] != 1)
            {
                throw new TensorShapeException($"dimension {i} of extent {shape[i]} to squeeze");
            }

            dropped[i] |= named.IsEmpty && shape[i] == 1;
        }

        return [.. shape.Where((_, i) => !dropped[i])];
    }

    private static bool[] Mark(ReadOnlySpan<int> named, int rank)
    {
        bool[] marks = new bool[rank];
        foreach (int axis in named)
        {
            int positive = axis < 0 ? axis + rank : axis;
            if ((uint)positive >= (uint)rank)
            {
                throw new TensorShapeException($"axis {axis} of {rank} dimensions");
            }

            marks[positive] = true;
        }

        return marks;
    }
}
