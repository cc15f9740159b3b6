using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>Every operator that has a derivative, and what makes it; those that only move elements have one anyway.</summary>
internal static class GradientTable
{
    private static readonly Dictionary<OpType, Func<GradientBuild, Gradient?>> Factories = new()
    {
        [OpType.BatchMatMul] = b => b.Op.Main is BatchMatMulParam matrices
            ? new MatMulGradient(matrices.AdjX, matrices.AdjY)
            : null,
        [OpType.BinaryOp] = b => b.Op.Main is BinaryOp binary && Derivatives.Of(binary.OpType) is { } function
            ? new BinaryGradient(function, binary.ActivationType == 1, binary.OpType == BinaryOpOperation.ADD)
            : null,
        [OpType.Cast] = _ => new CastGradient(),
        [OpType.CastLike] = _ => new CastGradient(),
        [OpType.CumSum] = b => new CumSumGradient(b.Op.Main as CumSum),
        [OpType.Eltwise] = EltwiseGradient.Create,
        [OpType.ELU] = b => Exponential(1, ((ELU)b.Op.Main!).Alpha),
        [OpType.Gather] = _ => new MoveGradient(),
        [OpType.GatherElements] = _ => new MoveGradient(),
        [OpType.GatherND] = _ => new MoveGradient(),
        [OpType.GatherV2] = _ => new MoveGradient(),
        [OpType.GroupNorm] = b => new GroupNormGradient(b, (GroupNorm)b.Op.Main!),
        [OpType.InstanceNorm] = b => new InstanceNormGradient(b, (BatchNorm)b.Op.Main!),
        [OpType.Interp] = _ => new InterpGradient(),
        [OpType.LayerNorm] = b => new LayerNormGradient(b, (LayerNorm)b.Op.Main!),
        [OpType.LRN] = b => new LocalResponseNormGradient((LRN)b.Op.Main!),
        [OpType.MatMul] = b => b.Op.Main is MatMul product ? new MatMulGradient(product.TransposeA, product.TransposeB) : null,
        [OpType.MatrixBandPart] = _ => new MoveGradient(),
        [OpType.Moments] = _ => new MomentsGradient(),
        [OpType.Normalize] = b => new NormalizeGradient(b, (Normalize)b.Op.Main!),
        [OpType.Pooling] = b => new PoolingGradient((Pool)b.Op.Main!),
        [OpType.Pooling3D] = b => new VolumePoolingGradient((Pool3D)b.Op.Main!),
        [OpType.PReLU] = ChannelGradient.CreatePrelu,
        [OpType.Reduction] = ReductionGradient.Create,
        [OpType.ReLU] = b => new BoundGradient(0, float.PositiveInfinity, (b.Op.Main as Relu)?.Slope ?? 0),
        [OpType.ReLU6] = b => b.Op.Main is Relu6 bounds
            ? new BoundGradient(bounds.MinValue, bounds.MaxValue)
            : new BoundGradient(0, 6),
        [OpType.Resize] = _ => new InterpGradient(),
        [OpType.Scale] = ChannelGradient.CreateScale,
        [OpType.ScatterElements] = b => Replaces(b) ? new MoveGradient() : null,
        [OpType.ScatterNd] = b => Replaces(b) ? new MoveGradient() : null,
        [OpType.Select] = _ => new SelectGradient(),
        [OpType.Selu] = b => Exponential(((Selu)b.Op.Main!).Scale, ((Selu)b.Op.Main!).Alpha),
        [OpType.Sigmoid] = _ => new UnaryGradient(Derivatives.Of(UnaryOpOperation.SIGMOID)!),
        [OpType.Softmax] = b => new SoftmaxGradient((b.Op.Main as Axis)?.AxisValue ?? -1),
        [OpType.TanH] = _ => new UnaryGradient(Derivatives.Of(UnaryOpOperation.TANH)!),
        [OpType.TopKV2] = _ => new TopKGradient(),
        [OpType.UnaryOp] = b => b.Op.Main is UnaryOp unary && Derivatives.Of(unary.OpType) is { } derivative
            ? new UnaryGradient(derivative)
            : null,
    };

    /// <summary>Operators whose results don't change by small steps: gradients end there.</summary>
    private static readonly HashSet<OpType> Constant =
    [
        OpType.Shape, OpType.Rank, OpType.Size, OpType.ArgMax, OpType.ArgMin, OpType.PriorBox, OpType.ZerosLike,
        OpType.OneHot, OpType.Where, OpType.EyeLike, OpType.Fill, OpType.Histogram, OpType.LinSpace, OpType.NonMaxSuppressionV2,
        OpType.RandomNormal, OpType.RandomUniform, OpType.Range, OpType.SetDiff1D, OpType.Threshold, OpType.Unique,
        OpType.UnravelIndex,
    ];

    /// <summary>The operator types in the table.</summary>
    public static IEnumerable<OpType> Known => Factories.Keys.Order();

    /// <summary>True for operators that pass nothing on of how their input changes.</summary>
    public static bool EndsGradients(Node node) => node.Op.Main switch
    {
        ArgMax { OutMaxVal: > 0 } when node.Op.Type is OpType.ArgMax or OpType.ArgMin => false,
        BinaryOp binary => IsStep(binary.OpType),
        ReductionParam reduction => reduction.Operation is ReductionType.ANY or ReductionType.ALL,
        CastParam cast => cast.DstT is not (DataType.DT_FLOAT or DataType.DT_DOUBLE or DataType.DT_HALF or DataType.DT_BFLOAT16),
        _ => Constant.Contains(node.Op.Type),
    };

    /// <summary>Makes the derivative of an operator; null if it has none.</summary>
    public static Gradient? Create(GradientBuild build) =>
        Factories.TryGetValue(build.Op.Type, out Func<GradientBuild, Gradient?>? factory) ? factory(build)
        : build.Node.Operator.MovesElements ? new MoveGradient()
        : null;

    private static bool Replaces(GradientBuild build) =>
        build.Op.Main is not BinaryOp { OpType: not BinaryOpOperation.NONE };

    // Comparisons, logic, bits, and the whole part of a quotient.
    private static bool IsStep(BinaryOpOperation function) => function is BinaryOpOperation.GREATER
        or BinaryOpOperation.GREATER_EQUAL or BinaryOpOperation.LESS or BinaryOpOperation.LESS_EQUAL or BinaryOpOperation.EQUAL
        or BinaryOpOperation.NOTEQUAL or BinaryOpOperation.FLOORDIV or BinaryOpOperation.LOGICALOR or BinaryOpOperation.LOGICALXOR
        or BinaryOpOperation.BITWISE_AND or BinaryOpOperation.BITWISE_OR or BinaryOpOperation.BITWISE_XOR
        or BinaryOpOperation.LEFTSHIFT or BinaryOpOperation.RIGHTSHIFT;

    private static UnaryGradient Exponential(double scale, double alpha) =>
        new(x => x > 0 ? scale : scale * alpha * ScalarMath.Exp(x));
}

/// <summary>What the maker of a derivative looks at.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Frozen">Whether nothing of the operator is trained.</param>
internal sealed record GradientBuild(Node Node, bool Frozen)
{
    /// <summary>The operator as the model declares it.</summary>
    public Op Op => Node.Op;
}
