using Mnn.Quantize.Inference.Ops;
using OpType = Mnn.Quantize.Model.Schema.OpType;

namespace Mnn.Quantize.Inference;

/// <summary>Every operator that the engine runs, and what makes it. Input, Const and TrainableParam are no operators.</summary>
internal static class OpTable
{
    private static readonly Dictionary<OpType, Func<OpBuildContext, Operator>> Factories = new()
    {
        [OpType.BatchNorm] = Scale.CreateBatchNorm,
        [OpType.BinaryOp] = Binary.Create,
        [OpType.Concat] = Concat.Create,
        [OpType.ConvertTensor] = ConvertTensor.Create,
        [OpType.Convolution] = Convolution.Create,
        [OpType.ConvolutionDepthwise] = ConvolutionDepthwise.Create,
        [OpType.Dropout] = Identity.Create,
        [OpType.Eltwise] = Eltwise.Create,
        [OpType.Flatten] = Flatten.Create,
        [OpType.Identity] = Identity.Create,
        [OpType.Interp] = Interp.Create,
        [OpType.PReLU] = PReLU.Create,
        [OpType.Padding] = Padding.Create,
        [OpType.Rank] = _ => new RankOf(),
        [OpType.ReLU] = ReLU.Create,
        [OpType.ReLU6] = ReLU6.Create,
        [OpType.Reshape] = Reshape.Create,
        [OpType.Scale] = Scale.Create,
        [OpType.Shape] = ShapeOf.Create,
        [OpType.Sigmoid] = Unary.CreateSigmoid,
        [OpType.SliceTf] = _ => new SliceTf(),
        [OpType.Squeeze] = Squeeze.Create,
        [OpType.TanH] = Unary.CreateTanh,
        [OpType.UnaryOp] = Unary.Create,
        [OpType.Unsqueeze] = Squeeze.CreateUnsqueeze,
    };

    /// <summary>The operator types that run, in the order of the schema.</summary>
    public static IReadOnlyList<OpType> Supported => [.. Factories.Keys.Order()];

    /// <summary>Whether an operator type runs.</summary>
    public static bool Supports(OpType type) => Factories.ContainsKey(type);

    /// <summary>Makes an operator ready.</summary>
    public static Operator Create(OpBuildContext context) => Factories[context.Op.Type](context);
}
