using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A function of each element.</summary>
internal sealed class Unary(UnaryOpOperation function, sbyte[]? table) : Operator
{
    // A table holds the results for q = -127 to 127.
    private const int TableMiddle = 127;

    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => table is not null
        || function is UnaryOpOperation.NEG or UnaryOpOperation.ABS or UnaryOpOperation.SIGN;

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
        if (table is null)
        {
            Step(function, source, Int8Scales.Of(input.Quant!, output.Quant!), destination);
            return;
        }

        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = table[Math.Max((sbyte)-TableMiddle, source[i]) + TableMiddle];
        }
    }

    private static void Step(
        UnaryOpOperation function, ReadOnlySpan<sbyte> source, in BinaryScales scales, Span<sbyte> destination)
    {
        switch (function)
        {
            case UnaryOpOperation.NEG: ActivationInt8.Negate(source, scales, destination); break;
            case UnaryOpOperation.ABS: ActivationInt8.Absolute(source, scales, destination); break;
            default: ActivationInt8.Sign(source, scales, destination); break;
        }
    }
}
