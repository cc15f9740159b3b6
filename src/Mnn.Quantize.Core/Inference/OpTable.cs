using Mnn.Quantize.Inference.Ops;
using OpType = Mnn.Quantize.Model.Schema.OpType;

namespace Mnn.Quantize.Inference;

/// <summary>Every operator that the engine runs, and what makes it. Input, Const and TrainableParam are no operators.</summary>
internal static class OpTable
{
    private static readonly Dictionary<OpType, Func<OpBuildContext, Operator>> Factories = new()
    {
        [OpType.ArgMax] = ArgMax.Create,
        [OpType.ArgMin] = ArgMax.CreateMin,
        [OpType.BatchMatMul] = MatMul.CreateBatch,
        [OpType.BatchNorm] = Scale.CreateBatchNorm,
        [OpType.BatchToSpaceND] = SpaceToBatch.CreateBatchToSpace,
        [OpType.BinaryOp] = Binary.Create,
        [OpType.BroadcastTo] = BroadcastTo.Create,
        [OpType.Cast] = Cast.Create,
        [OpType.CastLike] = Cast.CreateLike,
        [OpType.Concat] = Concat.Create,
        [OpType.ConvertTensor] = ConvertTensor.Create,
        [OpType.Convolution] = Convolution.Create,
        [OpType.ConvolutionDepthwise] = ConvolutionDepthwise.Create,
        [OpType.Crop] = Crop.Create,
        [OpType.CropAndResize] = CropAndResize.Create,
        [OpType.CumProd] = Cumulate.CreateProduct,
        [OpType.CumSum] = Cumulate.CreateSum,
        [OpType.DepthToSpace] = DepthToSpace.Create,
        [OpType.Dropout] = Identity.Create,
        [OpType.Eltwise] = Eltwise.Create,
        [OpType.ELU] = Elu.Create,
        [OpType.ExpandDims] = ExpandDims.Create,
        [OpType.EyeLike] = _ => new EyeLike(),
        [OpType.Fill] = _ => new Fill(),
        [OpType.Flatten] = Flatten.Create,
        [OpType.Gather] = Gather.Create,
        [OpType.GatherElements] = _ => new GatherElements(),
        [OpType.GatherND] = GatherNd.Create,
        [OpType.GatherV2] = Gather.Create,
        [OpType.GroupNorm] = GroupNorm.Create,
        [OpType.Identity] = Identity.Create,
        [OpType.InnerProduct] = InnerProduct.Create,
        [OpType.InstanceNorm] = InstanceNorm.Create,
        [OpType.Interp] = Interp.Create,
        [OpType.LayerNorm] = LayerNorm.Create,
        [OpType.LinSpace] = _ => new LinSpace(),
        [OpType.LRN] = LocalResponseNorm.Create,
        [OpType.LSTM] = Lstm.Create,
        [OpType.LSTMBlockCell] = LstmBlockCell.Create,
        [OpType.MatMul] = MatMul.Create,
        [OpType.MatrixBandPart] = _ => new MatrixBandPart(),
        [OpType.Moments] = Moments.Create,
        [OpType.NonMaxSuppressionV2] = _ => new NonMaxSuppression(),
        [OpType.Normalize] = Normalize.Create,
        [OpType.OneHot] = OneHot.Create,
        [OpType.Pack] = Pack.Create,
        [OpType.Padding] = Padding.Create,
        [OpType.Permute] = Permute.Create,
        [OpType.PReLU] = PReLU.Create,
        [OpType.RandomUniform] = RandomUniform.Create,
        [OpType.Range] = _ => new Ops.Range(),
        [OpType.Rank] = _ => new RankOf(),
        [OpType.Reduction] = Reduction.Create,
        [OpType.ReLU] = ReLU.Create,
        [OpType.ReLU6] = ReLU6.Create,
        [OpType.Reshape] = Reshape.Create,
        [OpType.Reverse] = _ => new Reverse(),
        [OpType.ReverseSequence] = ReverseSequence.Create,
        [OpType.RNN] = Lstm.CreateRnn,
        [OpType.RNNSequenceGRU] = Gru.Create,
        [OpType.Scale] = Scale.Create,
        [OpType.ScatterElements] = ScatterElements.Create,
        [OpType.ScatterNd] = ScatterNd.Create,
        [OpType.Select] = _ => new Select(),
        [OpType.Selu] = Selu.Create,
        [OpType.SetDiff1D] = _ => new SetDifference(),
        [OpType.Shape] = ShapeOf.Create,
        [OpType.Sigmoid] = Unary.CreateSigmoid,
        [OpType.Size] = _ => new SizeOf(),
        [OpType.Slice] = Slice.Create,
        [OpType.SliceTf] = _ => new SliceTf(),
        [OpType.SpaceToBatchND] = SpaceToBatch.Create,
        [OpType.SpaceToDepth] = DepthToSpace.CreateSpaceToDepth,
        [OpType.Squeeze] = Squeeze.Create,
        [OpType.StridedSlice] = StridedSlice.Create,
        [OpType.TanH] = Unary.CreateTanh,
        [OpType.Threshold] = Threshold.Create,
        [OpType.Tile] = _ => new Tile(),
        [OpType.TopKV2] = TopK.Create,
        [OpType.Transpose] = Permute.CreateTranspose,
        [OpType.UnaryOp] = Unary.Create,
        [OpType.Unique] = _ => new Unique(),
        [OpType.Unpack] = Unpack.Create,
        [OpType.UnravelIndex] = _ => new UnravelIndex(),
        [OpType.Unsqueeze] = Squeeze.CreateUnsqueeze,
        [OpType.Where] = Where.Create,
        [OpType.ZerosLike] = _ => new ZerosLike(),
    };

    /// <summary>The operator types that run, in the order of the schema.</summary>
    public static IReadOnlyList<OpType> Supported => [.. Factories.Keys.Order()];

    /// <summary>Whether an operator type runs.</summary>
    public static bool Supports(OpType type) => Factories.ContainsKey(type);

    /// <summary>Makes an operator ready.</summary>
    public static Operator Create(OpBuildContext context) => Factories[context.Op.Type](context);
}
