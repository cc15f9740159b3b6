using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A function of each element.</summary>
internal sealed class Unary(UnaryOpOperation function, sbyte[]? table) : Operator
{
    // A table holds the results for q = -127 to 127.
    private const int TableMiddle = 127;

    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => table is not null;

    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<UnaryOp>();
        sbyte[]? table = parameters.TableInt8 is { Length: (2 * TableMiddle) + 1 } full ? full : null;
        return UnaryFunctions.IsKnown(parameters.OpType)
            ? new Unary(parameters.OpType, table)
            : throw context.Invalid($"the function {(int)parameters.OpType} is not known");
    }

    public static Operator CreateSigmoid(OpBuildContext context) => new Unary(UnaryOpOperation.SIGMOID, null);

    public static Operator CreateTanh(OpBuildContext context) => new Unary(UnaryOpOperation.TANH, null);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        if (input.Type == ElementType.Int32)
        {
            UnaryFunctions.Apply(function, input.Ints, output.Ints);
        }
        else
        {
            UnaryFunctions.Apply(function, input.Floats, output.Floats);
        }
    }

    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputInt8(0, input.Shape, input.Format);
        ReadOnlySpan<sbyte> source = input.Int8s;
        Span<sbyte> destination = output.Int8s;
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = table![Math.Max((sbyte)-TableMiddle, source[i]) + TableMiddle];
        }
    }
}
