namespace Mnn.Quantize.Inference.Ops;

/// <summary>Passes tensors on: Identity, and Dropout, which does nothing outside training.</summary>
internal sealed class Identity : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new Identity();

    public override void Run(OpContext context)
    {
        for (int i = 0; i < context.OutputCount; i++)
        {
            Tensor input = context.Input(i);
            context.View(i, input, input.Shape, input.Format);
        }
    }
}
