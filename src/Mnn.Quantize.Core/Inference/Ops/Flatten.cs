namespace Mnn.Quantize.Inference.Ops;

/// <summary>Merges dimensions: from an axis to another, or, with no end, into two groups around the axis.</summary>
internal sealed class Flatten(int axis, int endAxis) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Flatten>();
        return new Flatten(param.Axis, param.EndAxis);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int first = axis < 0 ? axis + input.Rank : axis;
        int last = endAxis < 0 ? endAxis + input.Rank : endAxis;
        ReadOnlySpan<int> from = input.Shape;
        if (last == 0)
        {
            context.View(0, input, [Shapes.Product(from[..first]), Shapes.Product(from[first..])], input.Format);
            return;
        }

        Span<int> shape = stackalloc int[input.Rank];
        from[..first].CopyTo(shape);
        shape[first] = Shapes.Product(from[first..(last + 1)]);
        from[(last + 1)..].CopyTo(shape[(first + 1)..]);
        context.View(0, input, shape[..(input.Rank - last + first)], input.Format);
    }
}
