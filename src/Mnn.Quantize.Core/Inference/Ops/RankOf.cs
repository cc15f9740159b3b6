namespace Mnn.Quantize.Inference.Ops;

/// <summary>A tensor's number of dimensions, as an int32 scalar.</summary>
internal sealed class RankOf : Operator
{
    public override bool HandlesChannelsLast => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        context.Output(0, ElementType.Int32, [], input.Format).Ints[0] = input.Rank;
    }
}
