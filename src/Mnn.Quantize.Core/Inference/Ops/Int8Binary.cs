using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;
using static Mnn.Quantize.Kernels.BinaryOperators;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A function of two int8 tensors with broadcasting, as CPUBinaryInt8.cpp computes it.</summary>
internal static class Int8Binary
{
    /// <summary>Whether the runtime has this function for int8 and broadcasts it there.</summary>
    /// <remarks>
    /// An operand that repeats is spread out first (Raster, which keeps int8) if the tensors are NC4HW4, if both repeat
    /// or if their formats differ; otherwise the runtime walks over it in a loop, and that is float (GeometryBinary.cpp).
    /// </remarks>
    public static bool Runs(BinaryOpOperation function, bool relu, Tensor a, Tensor b)
    {
        if (!Knows(function))
        {
            return false;
        }

        MNN_DATA_FORMAT format = (a.Rank >= b.Rank ? a : b).Format;
        Span<int> shape = stackalloc int[Math.Max(a.Rank, b.Rank)];
        Shapes.Broadcast(a.Shape, b.Shape, shape);
        int count = Count(shape);
        bool spreadsA = a.Count != count || a.Format != format;
        bool spreadsB = b.Count != count || b.Format != format;
        bool loops = spreadsA != spreadsB && a.Format == b.Format && format != MNN_DATA_FORMAT.NC4HW4 && !relu;
        return a.Count == 1 || b.Count == 1 || !loops;
    }

    /// <summary>Computes output 0 from inputs 0 and 1.</summary>
    public static void Run(OpContext context, BinaryOpOperation function, bool relu)
    {
        Tensor a = context.Input(0);
        Tensor b = context.Input(1);
        MNN_DATA_FORMAT format = (a.Rank >= b.Rank ? a : b).Format;
        Span<int> shape = stackalloc int[Math.Max(a.Rank, b.Rank)];
        Shapes.Broadcast(a.Shape, b.Shape, shape);
        Tensor output = context.OutputInt8(0, shape, format);
        QuantParameters left = a.Quant!, right = b.Quant!, to = output.Quant!;

        // With a fused ReLU the runtime bounds by q = 0, whatever the zero point.
        var scales = new BinaryScales(
            left.Scale, left.ZeroPoint, right.Scale, right.ZeroPoint, QuantCast.Inverse(to), to.ZeroPoint,
            relu ? 0 : to.Min, to.Max);
        Tensor spreadA = Spread(context, a, output), spreadB = Spread(context, b, output);
        Apply(function, spreadA.Int8s, spreadB.Int8s, scales, output.Int8s);
        Release(spreadA, a);
        Release(spreadB, b);
    }

    private static bool Knows(BinaryOpOperation function) => function
        is BinaryOpOperation.ADD or BinaryOpOperation.SUB or BinaryOpOperation.MUL or BinaryOpOperation.MINIMUM
        or BinaryOpOperation.MAXIMUM or BinaryOpOperation.SquaredDifference or BinaryOpOperation.REALDIV
        or BinaryOpOperation.FLOORDIV or BinaryOpOperation.FLOORMOD or BinaryOpOperation.POW or BinaryOpOperation.ATAN2
        or BinaryOpOperation.MOD;

    private static void Apply(
        BinaryOpOperation function, ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b, in BinaryScales scales, Span<sbyte> y)
    {
        switch (function)
        {
            case BinaryOpOperation.ADD: BinaryInt8.Run(default(Add), a, b, scales, y); break;
            case BinaryOpOperation.SUB: BinaryInt8.Run(default(Sub), a, b, scales, y); break;
            case BinaryOpOperation.MUL: BinaryInt8.Run(default(Mul), a, b, scales, y); break;
            case BinaryOpOperation.REALDIV: BinaryInt8.Run(default(Div), a, b, scales, y); break;
            case BinaryOpOperation.SquaredDifference: BinaryInt8.Run(default(SquaredDifference), a, b, scales, y); break;
            case BinaryOpOperation.FLOORDIV: BinaryInt8.Run(default(FloorDivide), a, b, scales, y); break;
            case BinaryOpOperation.POW: BinaryInt8.Run(default(PerLane<ScalarFunctions.Pow>), a, b, scales, y); break;
            case BinaryOpOperation.ATAN2: BinaryInt8.Run(default(PerLane<ScalarFunctions.Atan2>), a, b, scales, y); break;
            case BinaryOpOperation.FLOORMOD:
                BinaryInt8.Run(default(PerLane<ScalarFunctions.FloorModulo>), a, b, scales, y);
                break;
            case BinaryOpOperation.MOD: BinaryInt8.Run(default(PerLane<ScalarFunctions.Remainder>), a, b, scales, y); break;
            default: BinaryInt8.Extreme(function == BinaryOpOperation.MAXIMUM, a, b, scales, y); break;
        }
    }

    // The operand as it is where it has one value or the output's shape; otherwise a copy that repeats.
    private static Tensor Spread(OpContext context, Tensor operand, Tensor output)
    {
        bool alike = operand.Shape.AsSpan().SequenceEqual(output.Shape)
            && (operand.IsChannelsLast == output.IsChannelsLast || TensorLayout.OrdersCoincide(operand));
        if (alike || operand.Count == 1)
        {
            return operand;
        }

        Tensor copy = context.Temporary(ElementType.Int8, output.Shape, output.Format, output.IsChannelsLast);
        Span<int> extents = stackalloc int[output.Rank];
        Span<int> strides = stackalloc int[output.Rank];
        BroadcastShape.Strides(operand, output, extents, strides);
        Copy(operand.Int8s, extents, strides, copy.Int8s);
        return copy;
    }

    private static void Copy(
        ReadOnlySpan<sbyte> source, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, Span<sbyte> destination)
    {
        if (extents.Length == 1 && strides[0] == 0)
        {
            destination.Fill(source[0]);
        }
        else if (extents.Length == 1 && strides[0] == 1)
        {
            source[..extents[0]].CopyTo(destination);
        }
        else if (extents.Length == 1)
        {
            for (int i = 0; i < extents[0]; i++)
            {
                destination[i] = source[i * strides[0]];
            }
        }
        else
        {
            int inner = destination.Length / Math.Max(1, extents[0]);
            for (int i = 0; i < extents[0]; i++)
            {
                Copy(source[(i * strides[0])..], extents[1..], strides[1..], destination.Slice(i * inner, inner));
            }
        }
    }

    private static void Release(Tensor spread, Tensor operand)
    {
        if (!ReferenceEquals(spread, operand))
        {
            OpContext.Release(spread);
        }
    }

    private static int Count(ReadOnlySpan<int> shape)
    {
        int count = 1;
        foreach (int extent in shape)
        {
            count *= extent;
        }

        return count;
    }
}
