namespace Mnn.Quantize.Inference.Ops;

/// <summary>A tensor's number of elements, as an int32 scalar.</summary>
internal sealed class SizeOf : Operator
{
    public override bool HandlesChannelsLast => true;

    public override void Run(OpContext context)
    {
        Tensor output = context.Output(0, ElementType.Int32, [], context.Node.Op.DefaultDimentionFormat);
        output.Ints[0] = context.Input(0).Count;
    }
}
