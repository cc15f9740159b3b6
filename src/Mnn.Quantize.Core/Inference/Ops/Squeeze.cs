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
        Span<bool> marks = stackalloc bool[Shapes.Rank(insert ? input.Rank + named.Length : input.Rank)];
        Span<int> shape = stackalloc int[marks.Length];
        marks.Clear();
        foreach (int axis in named)
        {
            marks[Shapes.Axis(axis, marks.Length)] = true;
        }

        int rank = insert ? Insert(input.Shape, marks, shape) : Drop(input.Shape, marks, named.IsEmpty, shape);
        context.View(0, input, shape[..rank], input.Format);
    }

    private static int Insert(ReadOnlySpan<int> from, ReadOnlySpan<bool> isNew, Span<int> shape)
    {
        int next = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = isNew[i] || next == from.Length ? 1 : from[next++];
        }

        return shape.Length;
    }

    private static int Drop(ReadOnlySpan<int> from, ReadOnlySpan<bool> named, bool all, Span<int> shape)
    {
        int rank = 0;
        for (int i = 0; i < from.Length; i++)
        {
            if (named[i] && from[i] != 1)
            {
                throw new TensorShapeException($"dimension {i} of extent {from[i]} to squeeze");
            }

            if (!named[i] && !(all && from[i] == 1))
            {
                shape[rank++] = from[i];
            }
        }

        return rank;
    }
}
