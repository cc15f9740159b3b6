using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;
using static Mnn.Quantize.Kernels.BinaryOperators;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A function of two tensors, element by element, with broadcasting; optionally followed by ReLU.</summary>
internal sealed class Binary(BinaryOpOperation function, bool relu) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => true;

    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<BinaryOp>();
        return new Binary(parameters.OpType, parameters.ActivationType == 1);
    }

    public override void Run(OpContext context)
    {
        Tensor a = context.Input(0);
        Tensor b = context.Input(1);
        Span<int> shape = stackalloc int[Math.Max(a.Rank, b.Rank)];
        Shapes.Broadcast(a.Shape, b.Shape, shape);
        MNN_DATA_FORMAT format = (a.Rank >= b.Rank ? a : b).Format;
        if (a.Type != b.Type)
        {
            throw new TensorShapeException($"{a.Type} and {b.Type} elements");
        }

        if (a.Type == ElementType.Float32)
        {
            RunFloat(context, a, b, shape, format);
        }
        else
        {
            RunInt(context, a, b, shape, format);
        }
    }

    public override bool KeepsInt8(OpContext context) =>
        Int8Binary.Runs(function, relu, context.Input(0), context.Input(1));

    public override void RunInt8(OpContext context) => Int8Binary.Run(context, function, relu);

    private void RunFloat(OpContext context, Tensor a, Tensor b, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format)
    {
        bool compares = IntFunctions.IsComparison(function);
        bool sameShape = a.Shape.AsSpan().SequenceEqual(b.Shape) && a.IsChannelsLast == b.IsChannelsLast;
        Tensor output = sameShape && !compares && a.Format == format
            ? context.OutputLike(0, 0)
            : context.Output(0, ElementType.Float32, shape, format);
        switch (function)
        {
            case BinaryOpOperation.ADD: Apply(default(Add), a, b, output); break;
            case BinaryOpOperation.SUB: Apply(default(Sub), a, b, output); break;
            case BinaryOpOperation.MUL: Apply(default(Mul), a, b, output); break;
            case BinaryOpOperation.DIV or BinaryOpOperation.REALDIV: Apply(default(Div), a, b, output); break;
            case BinaryOpOperation.MAXIMUM or BinaryOpOperation.MAX_TEMP: Apply(default(Max), a, b, output); break;
            case BinaryOpOperation.MINIMUM or BinaryOpOperation.MIN_TEMP: Apply(default(Min), a, b, output); break;
            case BinaryOpOperation.SquaredDifference: Apply(default(SquaredDifference), a, b, output); break;
            case BinaryOpOperation.FLOORDIV: Apply(default(FloorDivide), a, b, output); break;
            case BinaryOpOperation.POW: Apply(default(PerLane<ScalarFunctions.Pow>), a, b, output); break;
            case BinaryOpOperation.ATAN2: Apply(default(PerLane<ScalarFunctions.Atan2>), a, b, output); break;
            case BinaryOpOperation.FLOORMOD: Apply(default(PerLane<ScalarFunctions.FloorModulo>), a, b, output); break;
            case BinaryOpOperation.MOD: Apply(default(PerLane<ScalarFunctions.Remainder>), a, b, output); break;
            case BinaryOpOperation.LESS: Apply(default(Less), a, b, output); break;
            case BinaryOpOperation.LESS_EQUAL: Apply(default(LessOrEqual), a, b, output); break;
            case BinaryOpOperation.GREATER: Apply(default(Less), b, a, output); break;
            case BinaryOpOperation.GREATER_EQUAL: Apply(default(LessOrEqual), b, a, output); break;
            case BinaryOpOperation.EQUAL: Apply(default(Equal), a, b, output); break;
            case BinaryOpOperation.NOTEQUAL: Apply(default(NotEqual), a, b, output); break;
            case BinaryOpOperation.MUL_SILU: MultiplyBySilu(context, a, b, output); break;
            default: throw new TensorShapeException($"floats for {function}");
        }

        if (relu)
        {
            Elementwise.Unary(default(UnaryOperators.Relu), output.Floats, output.Floats);
        }

        if (compares)
        {
            ToInts(context, output);
        }
    }

    private static void Apply<T>(T op, Tensor a, Tensor b, Tensor output)
        where T : struct, IBinaryOperator
    {
        bool alike = a.IsChannelsLast == b.IsChannelsLast && a.Shape.AsSpan().SequenceEqual(b.Shape);
        if (alike || b.Count == 1 || a.Count == 1)
        {
            Elementwise.Binary(op, a.Floats, b.Floats, output.Floats);
            return;
        }

        Span<int> extents = stackalloc int[output.Rank];
        Span<int> aStrides = stackalloc int[output.Rank];
        Span<int> bStrides = stackalloc int[output.Rank];
        BroadcastShape.Strides(a, output, extents, aStrides);
        BroadcastShape.Strides(b, output, extents, bStrides);
        Elementwise.BinaryBroadcast(op, a.Floats, aStrides, b.Floats, bStrides, extents, output.Floats);
    }

    // a * silu(b)
    private static void MultiplyBySilu(OpContext context, Tensor a, Tensor b, Tensor output)
    {
        Tensor gate = context.Temporary(ElementType.Float32, b.Shape, b.Format, b.IsChannelsLast);
        Elementwise.Unary(default(UnaryOperators.Silu), b.Floats, gate.Floats);
        Apply(default(Mul), a, gate, output);
        OpContext.Release(gate);
    }

    // Comparisons give 0 or 1 as integers; the float results lie in the same bytes.
    private static void ToInts(OpContext context, Tensor output)
    {
        Tensor floats = context.Temporary(ElementType.Float32, output.Shape, output.Format, output.IsChannelsLast);
        floats.ShareBuffer(output);
        Tensor ints = context.Output(0, ElementType.Int32, output.Shape, output.Format);
        ReadOnlySpan<float> source = floats.Floats;
        Span<int> destination = ints.Ints;
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (int)source[i];
        }

        OpContext.Release(floats);
    }

    private void RunInt(OpContext context, Tensor a, Tensor b, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format)
    {
        Func<int, int, int> f = IntFunctions.Of(function);
        Tensor output = context.Output(0, ElementType.Int32, shape, format);
        Span<int> extents = stackalloc int[output.Rank];
        Span<int> aStrides = stackalloc int[output.Rank];
        Span<int> bStrides = stackalloc int[output.Rank];
        BroadcastShape.Strides(a, output, extents, aStrides);
        BroadcastShape.Strides(b, output, extents, bStrides);
        ReadOnlySpan<int> left = a.Ints;
        ReadOnlySpan<int> right = b.Ints;
        Span<int> result = output.Ints;
        Span<int> index = stackalloc int[output.Rank];
        index.Clear();
        for (int i = 0, atA = 0, atB = 0; i < result.Length; i++)
        {
            result[i] = f(left[atA], right[atB]);
            for (int d = output.Rank - 1; d >= 0; d--)
            {
                atA += aStrides[d];
                atB += bStrides[d];
                if (++index[d] < extents[d])
                {
                    break;
                }

                atA -= aStrides[d] * extents[d];
                atB -= bStrides[d] * extents[d];
                index[d] = 0;
            }
        }

        if (relu)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = Math.Max(0, result[i]);
            }
        }
    }
}
