namespace Mnn.Quantize.Inference.Ops;

/// <summary>Puts one dimension of extent 1 in, at an axis that is an input or a parameter.</summary>
internal sealed class ExpandDims(int axis) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new ExpandDims(context.ParamOrNull<Model.Schema.ExpandDims>()?.Axis ?? -1);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int at = IntValues.AxisOf(context, 1, axis, input.Rank + 1);
        context.View(0, input, [.. input.Shape[..at], 1, .. input.Shape[at..]], input.Format);
    }
}
