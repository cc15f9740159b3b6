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
        if (last == 0)
        {
            int[] pair = [Product(input.Shape.AsSpan(0, first)), Product(input.Shape.AsSpan(first))];
            context.View(0, input, pair, input.Format);
            return;
        }

        int[] shape =
        [
            .. input.Shape[..first],
            Product(input.Shape.AsSpan(first, last - first + 1)),
            .. input.Shape[(last + 1)..],
        ];
        context.View(0, input, shape, input.Format);
    }

    private static int Product(ReadOnlySpan<int> extents)
    {
        int product = 1;
        foreach (int extent in extents)
        {
            product *= extent;
        }

        return product;
    }
}
